/** How a matrix is cut into blocks and scaled. A recipe is data: `quantize` is written once and reads it. */
import { type FormatName, formats } from '../formats/formats.ts'

/** What holds the scale of a block: any float32, a power of two 2^-127 .. 2^127, or a non-negative E4M3 number. */
export type ScaleFormat = 'f32' | 'ue8m0' | 'e4m3'

/**
 * How a block's scale follows from its largest magnitude amax. With 2^p the largest power of two <= target:
 *
 * for `f32` and `e4m3` scales
 * - `nearest`: amax / target, rounded to the nearest number that holds it.
 * - `four-over-six` (NVFP4): of the scales that map amax to 6 and to 4, the one with the lower squared error.
 *
 * for `ue8m0` scales, from the bits and without logarithms
 * - `floor`: 2^(floor(log2 amax) - p). The rule of OCP MX v1.0; clips amax of more than target / 2^p times a power of two.
 * - `up`: the least power of two >= amax / target, so that nothing clips. NVIDIA's ("rceil") and DeepSeek's.
 * - `ceil`: 2^(ceil(log2 amax) - p).
 * - `even`: as `floor`, of the amax that is first rounded to the mantissa of the elements, half away from zero.
 *
 * for all scales
 * - `search`: the one with the lowest squared error of the block among candidates, see `scale-search.ts`.
 */
export type ScaleSelection = 'nearest' | 'floor' | 'up' | 'ceil' | 'even' | 'search' | 'four-over-six'

/** One float32 division, or a multiplication by the float32 reciprocal, which rounds twice. */
export type Division = 'divide' | 'reciprocal'

export interface BlockRecipe {
  readonly name: string
  /** Format of the codes: signed, at most 8 bits, with a zero. */
  readonly format: FormatName
  /** Block height and width in elements, `[rows, columns]`. Infinity: the whole extent, as `[1, Infinity]` for one row. */
  readonly block: readonly [number, number]
  readonly scale: ScaleFormat
  readonly selection: ScaleSelection
  /** The magnitude that a block's amax maps to, 1 .. max of the format; usually that max. */
  readonly target: number
  /** A block's amax counts as at least this; 0 for no floor. */
  readonly amaxFloor: number
  /**
   * How `amax / target` and `value / scale` are computed. DeepSeek's kernels divide both (V3.2 multiplies amax by
   * 1 / 448), DeepGEMM's Python multiplies the values by 1 / scale, torchao's rceil and Transformer Engine multiply amax.
   * Where scales are powers of two, `values` changes nothing, and `amax` counts for `up` only.
   */
  readonly division: { readonly amax: Division; readonly values: Division }
  /** `e4m3` scales only: one more float32 scale for the whole matrix, as in NVFP4. */
  readonly globalScale: boolean
}

function recipe(facts: Pick<BlockRecipe, 'name' | 'format' | 'block'> & Partial<BlockRecipe>): BlockRecipe {
  const { division = { amax: 'divide', values: 'divide' }, block } = facts
  return Object.freeze({
    scale: 'f32',
    selection: 'nearest',
    target: formats[facts.format].max,
    amaxFloor: 0,
    globalScale: false,
    ...facts,
    block: Object.freeze(block),
    division: Object.freeze(division),
  })
}

/** E4M3 codes, block maxima counted as at least 1e-4: what DeepSeek's kernels do, in all releases. */
function deepseek(name: string, block: readonly [number, number], scale: 'f32' | 'ue8m0'): BlockRecipe {
  const selection = scale === 'f32' ? 'nearest' : 'up'
  return recipe({ name, format: 'e4m3', block, scale, selection, amaxFloor: 1e-4 })
}

/** Blocks of 32 along a row, the scale by the rule of the standard. */
function mx(name: string, format: FormatName): BlockRecipe {
  return recipe({ name: `${name}, ue8m0 scales`, format, block: [1, 32], scale: 'ue8m0', selection: 'floor' })
}

/** Names of the constants of {@link recipes}. */
export type RecipeName =
  | 'deepseekActivation'
  | 'deepseekActivationUe8m0'
  | 'deepseekWeight'
  | 'deepseekWeightUe8m0'
  | 'mxfp8E4m3'
  | 'mxfp8E5m2'
  | 'mxfp6E2m3'
  | 'mxfp6E3m2'
  | 'mxfp4'
  | 'mxint8'
  | 'nvfp4'
  | 'tensorE4m3'
  | 'rowE4m3'
  | 'hif8Tensor'
  | 'hif8Block'

/**
 * Recipes in use. Others are made of them: `{ ...recipes.mxfp4, selection: 'even' }`.
 *
 * - `deepseek*`: activations by 1 x 128 groups of a token, weights by 128 x 128 blocks. V3 and R1 have float32 scales;
 *   V3.1 and later powers of two (`"scale_fmt": "ue8m0"`).
 * - `mx*`: OCP MX v1.0. - `nvfp4`: NVIDIA's, 1 x 16 with E4M3 scales and a global scale.
 * - `tensorE4m3`, `rowE4m3`: one float32 scale for the matrix, or for each row (token, output channel).
 * - `hif8*`: amax maps to 15, the end of HiF8's zone of three mantissa bits.
 */
export const recipes: Readonly<Record<RecipeName, BlockRecipe>> = Object.freeze({
  deepseekActivation: deepseek('deepseek activation 1x128, f32 scales', [1, 128], 'f32'),
  deepseekActivationUe8m0: deepseek('deepseek activation 1x128, ue8m0 scales', [1, 128], 'ue8m0'),
  deepseekWeight: deepseek('deepseek weight 128x128, f32 scales', [128, 128], 'f32'),
  deepseekWeightUe8m0: deepseek('deepseek weight 128x128, ue8m0 scales', [128, 128], 'ue8m0'),
  mxfp8E4m3: mx('MXFP8 E4M3 1x32', 'e4m3'),
  mxfp8E5m2: mx('MXFP8 E5M2 1x32', 'e5m2'),
  mxfp6E2m3: mx('MXFP6 E2M3 1x32', 'e2m3'),
  mxfp6E3m2: mx('MXFP6 E3M2 1x32', 'e3m2'),
  mxfp4: mx('MXFP4 E2M1 1x32', 'e2m1'),
  mxint8: mx('MXINT8 1x32', 'mxint8'),
  nvfp4: recipe({
    name: 'NVFP4 1x16, e4m3 scales and a global scale',
    format: 'e2m1',
    block: [1, 16],
    scale: 'e4m3',
    globalScale: true,
  }),
  tensorE4m3: recipe({ name: 'E4M3 per tensor, f32 scale', format: 'e4m3', block: [Infinity, Infinity] }),
  rowE4m3: recipe({ name: 'E4M3 per row, f32 scales', format: 'e4m3', block: [1, Infinity] }),
  hif8Tensor: recipe({
    name: 'HiF8 per tensor, f32 scale, amax to 15',
    format: 'hif8',
    block: [Infinity, Infinity],
    target: 15,
  }),
  hif8Block: recipe({
    name: 'HiF8 1x128, f32 scales, amax to 15',
    format: 'hif8',
    block: [1, 128],
    target: 15,
  }),
})
