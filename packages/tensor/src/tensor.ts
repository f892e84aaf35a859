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
 * FP8 codes with their block scales, as one value: codes never travel without scales.
 *
 * `value[r, c] = decode(codes[r, c]) * scales[floor(r / block[0]), floor(c / block[1])]`
 *
 * The scale is the multiplier (DeepSeek's `weight_scale_inv`). Edge blocks may be partial:
 * scales have shape `[ceil(rows / block[0]), ceil(columns / block[1])]`.
 */
export interface BlockScaled {
  /** `[rows, columns]`, f8_e4m3 or f8_e5m2. */
  readonly codes: Tensor
  /** `[ceil(rows / block[0]), ceil(columns / block[1])]`, f32. */
  readonly scales: Tensor
  /** Block height and width in elements, for example `[128, 128]`. */
  readonly block: readonly [number, number]
}

/** The matrix of a linear layer, `[outputs, inputs]`: dense f32/bf16/f16, or block-scaled FP8. */
export type Weight = Tensor | BlockScaled

export function isBlockScaled(weight: Weight): weight is BlockScaled {
  return 'codes' in weight
}

/** Shape of a weight, `[outputs, inputs]`. */
export function weightShape(weight: Weight): readonly number[] {
  return isBlockScaled(weight) ? weight.codes.shape : weight.shape
}
