/**
 * Blocks of 32 weights with one f16 scale `d`, and in the `_1` types one f16 offset `m`.
 *
 * Four bits: byte j of `qs` has weight j in its low half and weight j + 16 in its high half. A fifth bit of weight j is
 * bit j of the little-endian word `qh`.
 *
 * Why no `Math.fround`: `d` has 11 significant bits and a code at most 8, so the product is exact in f32 already, and
 * the sum with `m` is exact in f64. The only rounding is the store, as in float32 arithmetic.
 */
import { halfValues } from './half-values.ts'

/** Q8_0, 34 bytes: `d f16 | q i8[32]`; weight = d * q. */
export function decodeQ8_0(bytes: Uint8Array, out: Float32Array): void {
  const half = halfValues()
  for (let block = 0, at = 0; at < out.length; block += 34, at += 32) {
    const d = half[bytes[block]! | (bytes[block + 1]! << 8)]!
    for (let j = 0; j < 32; j++) out[at + j] = d * ((bytes[block + 2 + j]! << 24) >> 24)
  }
}

/** Q4_0, 18 bytes: `d f16 | qs u8[16]`; weight = d * (q - 8). */
export function decodeQ4_0(bytes: Uint8Array, out: Float32Array): void {
  const half = halfValues()
  for (let block = 0, at = 0; at < out.length; block += 18, at += 32) {
    const d = half[bytes[block]! | (bytes[block + 1]! << 8)]!
    for (let j = 0; j < 16; j++) {
      const pair = bytes[block + 2 + j]!
      out[at + j] = d * ((pair & 15) - 8)
      out[at + j + 16] = d * ((pair >> 4) - 8)
    }
  }
}

/** Q4_1, 20 bytes: `d f16 | m f16 | qs u8[16]`; weight = d * q + m. */
export function decodeQ4_1(bytes: Uint8Array, out: Float32Array): void {
  const half = halfValues()
  for (let block = 0, at = 0; at < out.length; block += 20, at += 32) {
    const d = half[bytes[block]! | (bytes[block + 1]! << 8)]!
    const m = half[bytes[block + 2]! | (bytes[block + 3]! << 8)]!
    for (let j = 0; j < 16; j++) {
      const pair = bytes[block + 4 + j]!
      out[at + j] = d * (pair & 15) + m
      out[at + j + 16] = d * (pair >> 4) + m
    }
  }
}

/** Q5_0, 22 bytes: `d f16 | qh u32 | qs u8[16]`; weight = d * (q - 16). */
export function decodeQ5_0(bytes: Uint8Array, out: Float32Array): void {
  const half = halfValues()
  for (let block = 0, at = 0; at < out.length; block += 22, at += 32) {
    const d = half[bytes[block]! | (bytes[block + 1]! << 8)]!
    const qh = word(bytes, block + 2)
    for (let j = 0; j < 16; j++) {
      const pair = bytes[block + 6 + j]!
      out[at + j] = d * (((pair & 15) | (((qh >>> j) & 1) << 4)) - 16)
      out[at + j + 16] = d * (((pair >> 4) | (((qh >>> (j + 16)) & 1) << 4)) - 16)
    }
  }
}

/** Q5_1, 24 bytes: `d f16 | m f16 | qh u32 | qs u8[16]`; weight = d * q + m. */
export function decodeQ5_1(bytes: Uint8Array, out: Float32Array): void {
  const half = halfValues()
  for (let block = 0, at = 0; at < out.length; block += 24, at += 32) {
    const d = half[bytes[block]! | (bytes[block + 1]! << 8)]!
    const m = half[bytes[block + 2]! | (bytes[block + 3]! << 8)]!
    const qh = word(bytes, block + 4)
    for (let j = 0; j < 16; j++) {
      const pair = bytes[block + 8 + j]!
      out[at + j] = d * ((pair & 15) | (((qh >>> j) & 1) << 4)) + m
      out[at + j + 16] = d * ((pair >> 4) | (((qh >>> (j + 16)) & 1) << 4)) + m
    }
  }
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}
