/**
 * The K types: blocks of 256 weights, made of 16 groups of 16 or 8 groups of 32. Each group has a small integer scale
 * (and in Q2_K, Q4_K and Q5_K a small integer offset), which the block's f16 `d` (and `dmin`) multiplies: here a group is a
 * block of codes with the scale `d * scale` and the minimum `-dmin * offset`. Both are exact: 11 bits times at most 8.
 *
 * Bits of the codes lie in planes: a run of w bytes holds, by shifts of b bits, 8 / b runs of w weights one after the
 * other (w = 32, but 64 for the low bits of Q6_K).
 */
import { halfValues } from './half-values.ts'

/** Q2_K, 84 bytes: `scales u8[16] (scale | offset << 4) | qs u8[64] | d f16 | dmin f16`; code = q. */
export function unpackQ2_K(
  bytes: Uint8Array,
  codes: Int8Array,
  scales: Float32Array,
  minimums: Float32Array,
): void {
  const half = halfValues()
  for (let block = 0, first = 0; first < scales.length; block += 84, first += 16) {
    const d = half[bytes[block + 80]! | (bytes[block + 81]! << 8)]!
    const dmin = half[bytes[block + 82]! | (bytes[block + 83]! << 8)]!
    for (let group = 0; group < 16; group++) {
      const pair = bytes[block + group]!
      scales[first + group] = d * (pair & 15)
      minimums[first + group] = -(dmin * (pair >> 4))
      // 128 weights to a run of 32 bytes; two groups to a plane.
      const qs = block + 16 + (group >> 3) * 32 + (group & 1) * 16
      const shift = group & 6
      const at = (first + group) * 16
      for (let i = 0; i < 16; i++) codes[at + i] = (bytes[qs + i]! >> shift) & 3
    }
  }
}

/**
 * Q3_K, 110 bytes: `hmask u8[32] | qs u8[64] | scales u8[12] | d f16`; scale - 32 multiplies d, code = q - 4, where the third
 * bit of q is in `hmask`. Scale k of 16: four low bits in byte k % 8 (low halves first), two high bits in byte 8 + k % 4.
 */
export function unpackQ3_K(bytes: Uint8Array, codes: Int8Array, scales: Float32Array): void {
  const half = halfValues()
  for (let block = 0, first = 0; first < scales.length; block += 110, first += 16) {
    const d = half[bytes[block + 108]! | (bytes[block + 109]! << 8)]!
    for (let group = 0; group < 16; group++) {
      const low = (bytes[block + 96 + (group & 7)]! >> ((group >> 3) * 4)) & 15
      const high = (bytes[block + 104 + (group & 3)]! >> ((group >> 2) * 2)) & 3
      scales[first + group] = d * ((low | (high << 4)) - 32)
      const hmask = block + (group & 1) * 16
      const qs = hmask + 32 + (group >> 3) * 32
      const shift = group & 6
      const plane = group >> 1
      const at = (first + group) * 16
      for (let i = 0; i < 16; i++) {
        const q = ((bytes[qs + i]! >> shift) & 3) | (((bytes[hmask + i]! >> plane) & 1) << 2)
        codes[at + i] = q - 4
      }
    }
  }
}

/** Q4_K, 144 bytes: `d f16 | dmin f16 | scales u8[12] | qs u8[128]`; code = q. */
export function unpackQ4_K(
  bytes: Uint8Array,
  codes: Int8Array,
  scales: Float32Array,
  minimums: Float32Array,
): void {
  for (let block = 0, first = 0; first < scales.length; block += 144, first += 8) {
    unpackScales(bytes, block, scales, minimums, first)
    for (let group = 0; group < 8; group++) {
      const qs = block + 16 + (group >> 1) * 32
      const shift = (group & 1) * 4
      const at = (first + group) * 32
      for (let i = 0; i < 32; i++) codes[at + i] = (bytes[qs + i]! >> shift) & 15
    }
  }
}

/** Q5_K, 176 bytes: `d f16 | dmin f16 | scales u8[12] | qh u8[32] | qs u8[128]`: Q4_K and a fifth bit. */
export function unpackQ5_K(
  bytes: Uint8Array,
  codes: Int8Array,
  scales: Float32Array,
  minimums: Float32Array,
): void {
  for (let block = 0, first = 0; first < scales.length; block += 176, first += 8) {
    unpackScales(bytes, block, scales, minimums, first)
    const qh = block + 16
    for (let group = 0; group < 8; group++) {
      const qs = block + 48 + (group >> 1) * 32
      const shift = (group & 1) * 4
      const at = (first + group) * 32
      for (let i = 0; i < 32; i++) {
        codes[at + i] = ((bytes[qs + i]! >> shift) & 15) | (((bytes[qh + i]! >> group) & 1) << 4)
      }
    }
  }
}

/** Q6_K, 210 bytes: `ql u8[128] | qh u8[64] | scales i8[16] | d f16`; code = q - 32, two bits of q in `qh`. */
export function unpackQ6_K(bytes: Uint8Array, codes: Int8Array, scales: Float32Array): void {
  const half = halfValues()
  for (let block = 0, first = 0; first < scales.length; block += 210, first += 16) {
    const d = half[bytes[block + 208]! | (bytes[block + 209]! << 8)]!
    for (let group = 0; group < 16; group++) {
      scales[first + group] = d * ((bytes[block + 192 + group]! << 24) >> 24)
      const ql = block + (group >> 3) * 64 + (group & 3) * 16
      const lowShift = group & 4
      const qh = block + 128 + (group >> 3) * 32 + (group & 1) * 16
      const highShift = group & 6
      const at = (first + group) * 16
      for (let i = 0; i < 16; i++) {
        const q = ((bytes[ql + i]! >> lowShift) & 15) | (((bytes[qh + i]! >> highShift) & 3) << 4)
        codes[at + i] = q - 32
      }
    }
  }
}

/**
 * `d f16 | dmin f16 | scales u8[12]` of Q4_K and Q5_K: 8 scales and 8 offsets of 6 bits. Number k < 4 is the low six bits
 * of byte k (scale) or 4 + k (offset). Number k >= 4 has its low four bits in byte 4 + k (scale: low half, offset: high
 * half) and its high two bits on top of byte k - 4 (scale) or k (offset).
 */
function unpackScales(
  bytes: Uint8Array,
  block: number,
  scales: Float32Array,
  minimums: Float32Array,
  first: number,
): void {
  const half = halfValues()
  const d = half[bytes[block]! | (bytes[block + 1]! << 8)]!
  const dmin = half[bytes[block + 2]! | (bytes[block + 3]! << 8)]!
  const packed = block + 4
  for (let k = 0; k < 4; k++) {
    const [scale, offset, both] = [bytes[packed + k]!, bytes[packed + 4 + k]!, bytes[packed + 8 + k]!]
    scales[first + k] = d * (scale & 63)
    minimums[first + k] = -(dmin * (offset & 63))
    scales[first + k + 4] = d * ((both & 15) | ((scale >> 6) << 4))
    minimums[first + k + 4] = -(dmin * ((both >> 4) | ((offset >> 6) << 4)))
  }
}
