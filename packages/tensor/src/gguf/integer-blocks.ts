/**
 * Quantised blocks as integer codes: value = code * scale + minimum.
 *
 * Nothing is lost. A scale is exact in f32 (an f16 of 11 bits times an integer of at most 8), a product with a code too (at
 * most 6 bits more, and the -128 of Q8_0 and -32 of Q6_K, the ones that need all bits, are powers of two); the sum with the
 * minimum is the one rounding that the format's own arithmetic in float32 has.
 */

/** How a stored type becomes codes. */
export interface IntegerLayout {
  /** Codes with one scale, along a row. */
  readonly block: readonly [1, 16] | readonly [1, 32]
  readonly minimums: boolean
}

export interface IntegerBlocks extends IntegerLayout {
  /** `codes.length` weights, whole blocks; `minimums` is given where the layout has them. */
  unpack(bytes: Uint8Array, codes: Int8Array, scales: Float32Array, minimums: Float32Array): void
}

/** Codes that are unpacked before they are multiplied: they stay in the cache next to the core. */
const PART = 4096

/** `out.length` weights, which are whole blocks, as float32. */
export function decodeBlocks(
  { block, minimums: hasMinimums, unpack }: IntegerBlocks,
  bytesPerWeight: number,
  bytes: Uint8Array,
  out: Float32Array,
): void {
  const width = block[1]
  const room = Math.min(PART, out.length)
  const codes = new Int8Array(room)
  const scales = new Float32Array(room / width)
  const minimums = new Float32Array(hasMinimums ? room / width : 0)
  for (let start = 0; start < out.length; start += PART) {
    const count = Math.min(PART, out.length - start)
    const scalesOfPart = scales.subarray(0, count / width)
    unpack(bytes.subarray(start * bytesPerWeight), codes.subarray(0, count), scalesOfPart, minimums)
    for (let i = 0, at = start; i < scalesOfPart.length; i++, at += width) {
      const scale = scales[i]!
      if (hasMinimums) {
        const minimum = minimums[i]!
        for (let j = 0; j < width; j++) out[at + j] = codes[i * width + j]! * scale + minimum
      } else {
        for (let j = 0; j < width; j++) out[at + j] = codes[i * width + j]! * scale
      }
    }
  }
}
