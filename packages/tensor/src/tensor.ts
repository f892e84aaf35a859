import type { DType } from './dtype.ts'

/**
 * A piece of a backend's memory. Opaque: only the backend that made it can read it.
 * `label` names it in error messages.
 */
export interface BufferHandle {
  readonly bytes: number
  readonly label: string
}

/** A dense row-major tensor: a plain record over a buffer, without methods and without ownership. */
export interface Tensor {
  readonly buffer: BufferHandle
  readonly dtype: DType
  readonly shape: readonly number[]
  /** Byte offset of the first element in the buffer. */
  readonly offset: number
}

/**
 * Codes of 8 bits with their block scales, as one value: codes never travel without scales.
 *
 * `value[r, c] = decode(codes[r, c]) * scales[floor(r / block[0]), floor(c / block[1])]`, with `minimums`
 * plus `minimums[same place]`, rounded to f32 once.
 *
 * FP8 codes are weights as DeepSeek stores them; the scale is the multiplier (`weight_scale_inv`). Codes i8 are integers
 * (-128 .. 127): every block format of GGUF up to 8 bits (Q8_0, Q4_1, Q6_K, MXFP4 ...) is such codes without loss.
 * Edge blocks may be partial: scales have shape `[ceil(rows / block[0]), ceil(columns / block[1])]`.
 */
export interface BlockScaled {
  /** `[rows, columns]`, f8_e4m3, f8_e5m2 or i8. */
  readonly codes: Tensor
  /** `[ceil(rows / block[0]), ceil(columns / block[1])]`, f32. */
  readonly scales: Tensor
  /** The shape of `scales`, f32; only with i8 codes. */
  readonly minimums?: Tensor | undefined
  /** Block height and width in elements, for example `[128, 128]`. With i8 codes `[1, 16]` or `[1, 32]`. */
  readonly block: readonly [number, number]
}

/** The matrix of a linear layer, `[outputs, inputs]`: dense f32/bf16/f16, or codes with block scales. */
export type Weight = Tensor | BlockScaled

/**
 * Rows of a cache, one for each position, `[capacity, ...row]` with `columns` values in a row.
 *
 * Dense: f32, bf16 or f16; values are rounded to nearest even when they are written, beyond the largest finite f16 to it.
 * Block-scaled: `codes` f8_e4m3 `[capacity, ...row]`, `scales` f32 `[capacity, ceil(columns / group)]`, `block`
 * `[1, group]`: each group of a row gets its scale when it is written, amax at least 1e-4, rounded up to a power of two
 * (`recipes.deepseekActivationUe8m0` with `group` in place of 128).
 *
 * So that rows can be written and copied as 32-bit words, the bytes of a row, the offset of the tensor, and `group` are
 * multiples of 4.
 */
export type CacheTensor = Tensor | BlockScaled

export function isBlockScaled(weight: Weight | CacheTensor): weight is BlockScaled {
  return 'codes' in weight
}

/** Shape of a weight, `[outputs, inputs]`. */
export function weightShape(weight: Weight): readonly number[] {
  return isBlockScaled(weight) ? weight.codes.shape : weight.shape
}

/** `[capacity, ...row]` of a cache. */
export function cacheShape(cache: CacheTensor): readonly number[] {
  return isBlockScaled(cache) ? cache.codes.shape : cache.shape
}
