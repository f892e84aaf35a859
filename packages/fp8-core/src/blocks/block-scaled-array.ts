import type { BlockRecipe } from './recipes.ts'

/** Codes with their scales, as one value: codes never travel without scales. Their memory may be shared if nothing is said. */
export interface BlockScaledArray<Memory extends ArrayBufferLike = ArrayBufferLike> {
  /** Row-major, `rows * columns` codes, one in a byte also where they are narrower. */
  readonly codes: Uint8Array<Memory>
  /** Row-major `[ceil(rows / R), ceil(columns / C)]` multipliers: DeepSeek's `weight_scale_inv`. Values of the recipe's scale format. */
  readonly scales: Float32Array<Memory>
  /** `[rows, columns]`. */
  readonly shape: readonly [number, number]
  readonly recipe: BlockRecipe
  /**
   * A multiplier of all scales, present exactly if the recipe has `globalScale`. `quantize` gives a float32; the reciprocal of
   * one, as some checkpoints store it, may need float64: what counts is the product with a scale, rounded to float32.
   */
  readonly globalScale?: number
}
