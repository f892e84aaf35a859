/**
 * Blocks of 32 weights with one f16 scale `d`, and in the `_1` types one f16 offset `m`, as integer codes: weight =
 * code * d (+ m).
 *
 * Four bits: byte j of `qs` has weight j in its low half and weight j + 16 in its high half. A fifth bit of weight j is
 * bit j of the little-endian word `qh`.
 */
import { halfValues } from './half-values.ts'

/** Q8_0, 34 bytes: `d f16 | q i8[32]`; code = q. */
export function unpackQ8_0(bytes: Uint8Array, codes: Int8Array, scales: Float32Array): void {
  const half = halfValues()
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let block = 0, i = 0; i < scales.length; block += 34, i++) {
    scales[i] = half[bytes[block]! | (bytes[block + 1]! << 8)]!
    for (let j = 0; j < 32; j++) codes[i * 32 + j] = signed[block + 2 + j]!
  }
}

/** Q4_0, 18 bytes: `d f16 | qs u8[16]`; code = q - 8. */
export function unpackQ4_0(bytes: Uint8Array, codes: Int8Array, scales: Float32Array): void {
  const half = halfValues()
  for (let block = 0, i = 0; i < scales.length; block += 18, i++) {
    scales[i] = half[bytes[block]! | (bytes[block + 1]! << 8)]!
    for (let j = 0; j < 16; j++) {
      const pair = bytes[block + 2 + j]!
      codes[i * 32 + j] = (pair & 15) - 8
      codes[i * 32 + j + 16] = (pair >> 4) - 8
    }
  }
}

/** Q4_1, 20 bytes: `d f16 | m f16 | qs u8[16]`; code = q, minimum = m. */
export function unpackQ4_1(
  bytes: Uint8Array,
  codes: Int8Array,
  scales: Float32Array,
  minimums: Float32Array,
): void {
  const half = halfValues()
  for (let block = 0, i = 0; i < scales.length; block += 20, i++) {
    scales[i] = half[bytes[block]! | (bytes[block + 1]! << 8)]!
    minimums[i] = half[bytes[block + 2]! | (bytes[block + 3]! << 8)]!
    for (let j = 0; j < 16; j++) {
      const pair = bytes[block + 4 + j]!
      codes[i * 32 + j] = pair & 15
      codes[i * 32 + j + 16] = pair >> 4
    }
  }
}

/** Q5_0, 22 bytes: `d f16 | qh u32 | qs u8[16]`; code = q - 16. */
export function unpackQ5_0(bytes: Uint8Array, codes: Int8Array, scales: Float32Array): void {
  const half = halfValues()
  for (let block = 0, i = 0; i < scales.length; block += 22, i++) {
    scales[i] = half[bytes[block]! | (bytes[block + 1]! << 8)]!
    fiveBits(bytes, block + 2, 16, codes, i * 32)
  }
}

/** Q5_1, 24 bytes: `d f16 | m f16 | qh u32 | qs u8[16]`; code = q, minimum = m. */
export function unpackQ5_1(
  bytes: Uint8Array,
  codes: Int8Array,
  scales: Float32Array,
  minimums: Float32Array,
): void {
  const half = halfValues()
  for (let block = 0, i = 0; i < scales.length; block += 24, i++) {
    scales[i] = half[bytes[block]! | (bytes[block + 1]! << 8)]!
    minimums[i] = half[bytes[block + 2]! | (bytes[block + 3]! << 8)]!
    fiveBits(bytes, block + 4, 0, codes, i * 32)
  }
}

/** `qh u32 | qs u8[16]` at `start`: 32 codes q - zero. */
function fiveBits(bytes: Uint8Array, start: number, zero: number, codes: Int8Array, at: number): void {
  const qh = bytes[start]! | (bytes[start + 1]! << 8) | (bytes[start + 2]! << 16) | (bytes[start + 3]! << 24)
  for (let j = 0; j < 16; j++) {
    const pair = bytes[start + 4 + j]!
    codes[at + j] = ((pair & 15) | (((qh >>> j) & 1) << 4)) - zero
    codes[at + j + 16] = ((pair >> 4) | (((qh >>> (j + 16)) & 1) << 4)) - zero
  }
}
