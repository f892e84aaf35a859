import type { FormatName } from './formats.ts'

/** How a matrix is cut into blocks and scaled. A recipe is data: `quantize` is written once and reads it. */
export interface BlockRecipe {
  readonly name: string
  /** Format of the codes; at most 8 bits, with NaN. */
  readonly format: FormatName
  /** Block height and width in elements, `[rows, columns]`. */
  readonly block: readonly [number, number]
  /** `f32`: any positive float32. `ue8m0`: a power of two, rounded up, held as float32 all the same. */
  readonly scale: 'f32' | 'ue8m0'
  /** A block's largest magnitude counts as at least this, so that an all-zero block has a usable scale. */
  readonly amaxFloor: number
}

/** E4M3 codes, block maxima counted as at least 1e-4: what DeepSeek's kernels do, in all releases. */
function deepseek(name: string, block: readonly [number, number], scale: BlockRecipe['scale']): BlockRecipe {
  return Object.freeze({ name, format: 'e4m3', block: Object.freeze(block), scale, amaxFloor: 1e-4 })
}

/**
 * DeepSeek's recipes: activations by 1 x 128 groups of a token, weights by 128 x 128 blocks.
 * V3 and R1 have float32 scales; V3.1 and later powers of two (`"scale_fmt": "ue8m0"`).
 */
export const recipes: Readonly<
  Record<
    'deepseekActivation' | 'deepseekActivationUe8m0' | 'deepseekWeight' | 'deepseekWeightUe8m0',
    BlockRecipe
  >
> = Object.freeze({
  deepseekActivation: deepseek('deepseek activation 1x128, f32 scales', [1, 128], 'f32'),
  deepseekActivationUe8m0: deepseek('deepseek activation 1x128, ue8m0 scales', [1, 128], 'ue8m0'),
  deepseekWeight: deepseek('deepseek weight 128x128, f32 scales', [128, 128], 'f32'),
  deepseekWeightUe8m0: deepseek('deepseek weight 128x128, ue8m0 scales', [128, 128], 'ue8m0'),
})
