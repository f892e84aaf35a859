/**
 * FP4 blocks: E2M1 codes with a scale, by ggml's rules, which are not those of OCP and NVIDIA in the rare codes: a
 * scale is never NaN, and E2M1's -0 (code 8) is +0. A product is a power of two or an E4M3 value times an E2M1 value:
 * exact in f64; the store rounds to infinity only beyond f32's range.
 */
import { values } from '@octoscale/fp8-core'

interface Tables {
  /** By E2M1 code. */
  readonly e2m1: Float64Array
  /** By scale byte: 2^(byte - 127), also for 255, which is NaN in E8M0. */
  readonly e8m0: Float64Array
  /** By scale byte: E4M3 without its sign bit, except that 0x7f (NaN) is 0 and 0xff goes on to 480. */
  readonly ue4m3: Float64Array
}

let tables: Tables | undefined

function tablesOf(): Tables {
  if (tables !== undefined) return tables
  const e4m3 = values('e4m3')
  tables = {
    // Adding +0 turns -0 into +0.
    e2m1: values('e2m1').map((value) => value + 0),
    e8m0: values('e8m0').map((value, code) => (code === 255 ? 2 ** 128 : value)),
    ue4m3: Float64Array.from({ length: 256 }, (_, byte) => {
      if (byte === 0x7f) return 0
      return byte === 0xff ? 480 : e4m3[byte & 0x7f]!
    }),
  }
  return tables
}

/** MXFP4, 32 weights in 17 bytes: `e u8 | qs u8[16]`; byte j has weight j in its low half and j + 16 in its high half. */
export function decodeMXFP4(bytes: Uint8Array, out: Float32Array): void {
  const { e2m1, e8m0 } = tablesOf()
  for (let block = 0, at = 0; at < out.length; block += 17, at += 32) {
    const scale = e8m0[bytes[block]!]!
    for (let j = 0; j < 16; j++) {
      const pair = bytes[block + 1 + j]!
      out[at + j] = scale * e2m1[pair & 15]!
      out[at + j + 16] = scale * e2m1[pair >> 4]!
    }
  }
}

/**
 * NVFP4, 64 weights in 36 bytes: `d u8[4] | qs u8[32]`: four groups of 16, each with a scale; byte j of a group's 8 has
 * weight j in its low half and j + 8 in its high half. The tensor's f32 scale is another tensor of the file.
 */
export function decodeNVFP4(bytes: Uint8Array, out: Float32Array): void {
  const { e2m1, ue4m3 } = tablesOf()
  for (let block = 0, start = 0; start < out.length; block += 36, start += 64) {
    for (let group = 0; group < 4; group++) {
      const scale = ue4m3[bytes[block + group]!]!
      const qs = block + 4 + group * 8
      const at = start + group * 16
      for (let j = 0; j < 8; j++) {
        const pair = bytes[qs + j]!
        out[at + j] = scale * e2m1[pair & 15]!
        out[at + j + 8] = scale * e2m1[pair >> 4]!
      }
    }
  }
}
