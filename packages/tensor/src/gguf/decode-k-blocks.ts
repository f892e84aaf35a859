/**
 * The K types: blocks of 256 weights, made of 16 groups of 16 or 8 groups of 32. Each group has a small integer scale
 * (and in Q2_K, Q4_K and Q5_K a small integer offset), which the block's f16 `d` (and `dmin`) multiplies.
 *
 * Bits of the codes lie in planes: a run of w bytes holds, by shifts of b bits, 8 / b runs of w weights one after the
 * other (w = 32, but 64 for the low bits of Q6_K).
 *
 * Why no `Math.fround`: 11 bits of `d`, at most 8 of a scale and 6 of a code make a product that f32 holds exactly
 * (-128 and -32, the ones that need all bits, are powers of two). Subtracting the offset is exact in f64, so that the
 * only rounding is the store, as in float32 arithmetic.
 */
import { halfValues } from './half-values.ts'

/** Q2_K, 84 bytes: `scales u8[16] (scale | offset << 4) | qs u8[64] | d f16 | dmin f16`; d * scale * q - dmin * offset. */
export function decodeQ2_K(bytes: Uint8Array, out: Float32Array): void {
  const half = halfValues()
  for (let block = 0, start = 0; start < out.length; block += 84, start += 256) {
    const d = half[bytes[block + 80]! | (bytes[block + 81]! << 8)]!
    const dmin = half[bytes[block + 82]! | (bytes[block + 83]! << 8)]!
    for (let group = 0; group < 16; group++) {
      const pair = bytes[block + group]!
      const scale = d * (pair & 15)
      const offset = dmin * (pair >> 4)
      // 128 weights to a run of 32 bytes; two groups to a plane.
      const qs = block + 16 + (group >> 3) * 32 + (group & 1) * 16
      const shift = group & 6
      const at = start + group * 16
      for (let i = 0; i < 16; i++) out[at + i] = scale * ((bytes[qs + i]! >> shift) & 3) - offset
    }
  }
}

/**
 * Q3_K, 110 bytes: `hmask u8[32] | qs u8[64] | scales u8[12] | d f16`; d * (scale - 32) * (q - 4), where the third bit
 * of q is in `hmask`. Scale k of 16: four low bits in byte k % 8 (low halves first), two high bits in byte 8 + k % 4.
 */
export function decodeQ3_K(bytes: Uint8Array, out: Float32Array): void {
  const half = halfValues()
  for (let block = 0, start = 0; start < out.length; block += 110, start += 256) {
    const d = half[bytes[block + 108]! | (bytes[block + 109]! << 8)]!
    for (let group = 0; group < 16; group++) {
      const low = (bytes[block + 96 + (group & 7)]! >> ((group >> 3) * 4)) & 15
      const high = (bytes[block + 104 + (group & 3)]! >> ((group >> 2) * 2)) & 3
      const scale = d * ((low | (high << 4)) - 32)
      const hmask = block + (group & 1) * 16
      const qs = hmask + 32 + (group >> 3) * 32
      const shift = group & 6
      const plane = group >> 1
      const at = start + group * 16
      for (let i = 0; i < 16; i++) {
        const q = ((bytes[qs + i]! >> shift) & 3) | (((bytes[hmask + i]! >> plane) & 1) << 2)
        out[at + i] = scale * (q - 4)
      }
    }
  }
}

/** Q4_K, 144 bytes: `d f16 | dmin f16 | scales u8[12] | qs u8[128]`; d * scale * q - dmin * offset. */
export function decodeQ4_K(bytes: Uint8Array, out: Float32Array): void {
  const half = halfValues()
  for (let block = 0, start = 0; start < out.length; block += 144, start += 256) {
    const d = half[bytes[block]! | (bytes[block + 1]! << 8)]!
    const dmin = half[bytes[block + 2]! | (bytes[block + 3]! << 8)]!
    for (let group = 0; group < 8; group++) {
      const scale = d * scaleOf(bytes, block + 4, group)
      const offset = dmin * offsetOf(bytes, block + 4, group)
      const qs = block + 16 + (group >> 1) * 32
      const shift = (group & 1) * 4
      const at = start + group * 32
      for (let i = 0; i < 32; i++) out[at + i] = scale * ((bytes[qs + i]! >> shift) & 15) - offset
    }
  }
}

/** Q5_K, 176 bytes: `d f16 | dmin f16 | scales u8[12] | qh u8[32] | qs u8[128]`: Q4_K and a fifth bit. */
export function decodeQ5_K(bytes: Uint8Array, out: Float32Array): void {
  const half = halfValues()
  for (let block = 0, start = 0; start < out.length; block += 176, start += 256) {
    const d = half[bytes[block]! | (bytes[block + 1]! << 8)]!
    const dmin = half[bytes[block + 2]! | (bytes[block + 3]! << 8)]!
    const qh = block + 16
    for (let group = 0; group < 8; group++) {
      const scale = d * scaleOf(bytes, block + 4, group)
      const offset = dmin * offsetOf(bytes, block + 4, group)
      const qs = block + 48 + (group >> 1) * 32
      const shift = (group & 1) * 4
      const at = start + group * 32
      for (let i = 0; i < 32; i++) {
        const q = ((bytes[qs + i]! >> shift) & 15) | (((bytes[qh + i]! >> group) & 1) << 4)
        out[at + i] = scale * q - offset
      }
    }
  }
}

/** Q6_K, 210 bytes: `ql u8[128] | qh u8[64] | scales i8[16] | d f16`; d * scale * (q - 32), two bits of q in `qh`. */
export function decodeQ6_K(bytes: Uint8Array, out: Float32Array): void {
  const half = halfValues()
  for (let block = 0, start = 0; start < out.length; block += 210, start += 256) {
    const d = half[bytes[block + 208]! | (bytes[block + 209]! << 8)]!
    for (let group = 0; group < 16; group++) {
      const scale = d * ((bytes[block + 192 + group]! << 24) >> 24)
      const ql = block + (group >> 3) * 64 + (group & 3) * 16
      const lowShift = group & 4
      const qh = block + 128 + (group >> 3) * 32 + (group & 1) * 16
      const highShift = group & 6
      const at = start + group * 16
      for (let i = 0; i < 16; i++) {
        const q = ((bytes[ql + i]! >> lowShift) & 15) | (((bytes[qh + i]! >> highShift) & 3) << 4)
        out[at + i] = scale * (q - 32)
      }
    }
  }
}

/*
 * The 8 scales and 8 offsets of Q4_K and Q5_K, 6 bits each, in 12 bytes. Number k < 4 is the low six bits of byte k
 * (scale) or 4 + k (offset). Number k >= 4 has its low four bits in byte 4 + k (scale: low half, offset: high half)
 * and its high two bits on top of byte k - 4 (scale) or k (offset).
 */

function scaleOf(bytes: Uint8Array, scales: number, k: number): number {
  if (k < 4) return bytes[scales + k]! & 63
  return (bytes[scales + 4 + k]! & 15) | ((bytes[scales + k - 4]! >> 6) << 4)
}

function offsetOf(bytes: Uint8Array, scales: number, k: number): number {
  if (k < 4) return bytes[scales + 4 + k]! & 63
  return (bytes[scales + 4 + k]! >> 4) | ((bytes[scales + k]! >> 6) << 4)
}
