/**
 * FP4 blocks as integer codes: twice the E2M1 value, with half the block's scale. By ggml's rules, which are not those of
 * OCP and NVIDIA in the rare codes: a scale is never NaN, and E2M1's -0 (code 8) is +0.
 */
import { values } from '@octoscale/fp8-core'

interface Tables {
  /** Twice the value, by E2M1 code. */
  readonly e2m1: Int8Array
  /** Half the scale, by scale byte: 2^(byte - 128), also for 255, which is NaN in E8M0. All are f32. */
  readonly e8m0: Float32Array
  /** Half the scale, by scale byte: E4M3 without its sign bit, except that 0x7f (NaN) is 0 and 0xff goes on to 480. */
  readonly ue4m3: Float32Array
}

let tables: Tables | undefined

function tablesOf(): Tables {
  if (tables !== undefined) return tables
  const e4m3 = values('e4m3')
  tables = {
    e2m1: Int8Array.from(values('e2m1'), (value) => 2 * value),
    e8m0: Float32Array.from({ length: 256 }, (_, byte) => 2 ** (byte - 128)),
    ue4m3: Float32Array.from({ length: 256 }, (_, byte) => {
      if (byte === 0x7f) return 0
      return (byte === 0xff ? 480 : e4m3[byte & 0x7f]!) / 2
    }),
  }
  return tables
}

/** MXFP4, 32 weights in 17 bytes: `e u8 | qs u8[16]`; byte j has weight j in its low half and j + 16 in its high half. */
export function unpackMXFP4(bytes: Uint8Array, codes: Int8Array, scales: Float32Array): void {
  const { e2m1, e8m0 } = tablesOf()
  for (let block = 0, i = 0; i < scales.length; block += 17, i++) {
    scales[i] = e8m0[bytes[block]!]!
    for (let j = 0; j < 16; j++) {
      const pair = bytes[block + 1 + j]!
      codes[i * 32 + j] = e2m1[pair & 15]!
      codes[i * 32 + j + 16] = e2m1[pair >> 4]!
    }
  }
}

/**
 * NVFP4, 64 weights in 36 bytes: `d u8[4] | qs u8[32]`: four groups of 16, each with a scale; byte j of a group's 8 has
 * weight j in its low half and j + 8 in its high half. The tensor's f32 scale is another tensor of the file.
 */
export function unpackNVFP4(bytes: Uint8Array, codes: Int8Array, scales: Float32Array): void {
  const { e2m1, ue4m3 } = tablesOf()
  for (let block = 0, first = 0; first < scales.length; block += 36, first += 4) {
    for (let group = 0; group < 4; group++) {
      scales[first + group] = ue4m3[bytes[block + group]!]!
      const qs = block + 4 + group * 8
      const at = (first + group) * 16
      for (let j = 0; j < 8; j++) {
        const pair = bytes[qs + j]!
        codes[at + j] = e2m1[pair & 15]!
        codes[at + j + 8] = e2m1[pair >> 4]!
      }
    }
  }
}
