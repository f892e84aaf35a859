/** What the table of SQNR measures: the rows, in their order. */

import { type BlockRecipe, recipes } from '../blocks/recipes.ts'
import { type FormatName, formats } from '../formats/formats.ts'

export interface Scheme {
  readonly name: string
  /** `cast`: every number by itself, without a scale. */
  readonly how: { readonly cast: FormatName } | { readonly recipe: BlockRecipe }
  /** In the picture as well as in the table. */
  readonly pictured: boolean
}

const cast = (name: string, format: FormatName): Scheme => ({ name, how: { cast: format }, pictured: false })

/** `changes`: what is unlike the recipe's constant. */
function scaled(name: string, base: BlockRecipe, changes: Partial<BlockRecipe> = {}): Scheme {
  return { name, how: { recipe: { ...base, ...changes } }, pictured: false }
}

const pictured = (scheme: Scheme): Scheme => ({ ...scheme, pictured: true })

/** Eight-bit integers with float32 scales: amax maps to 127 steps. */
const integers = { format: 'mxint8', target: formats.mxint8.max } as const

const { deepseekActivation, deepseekWeight, mxfp8E4m3, mxfp8E5m2, mxfp6E2m3, mxfp6E3m2, mxfp4 } = recipes

export const schemes: readonly Scheme[] = [
  cast('F16, cast', 'f16'),
  cast('BF16, cast', 'bf16'),
  pictured(cast('E4M3, cast', 'e4m3')),
  pictured(cast('E5M2, cast', 'e5m2')),
  cast('E3M4, cast', 'e3m4'),
  pictured(cast('HiF8, cast', 'hif8')),
  pictured(scaled('E4M3 per tensor', recipes.tensorE4m3)),
  scaled('E3M4 per tensor', recipes.tensorE4m3, { format: 'e3m4', target: formats.e3m4.max }),
  pictured(scaled('INT8 per tensor', recipes.tensorE4m3, integers)),
  scaled('HiF8 per tensor', recipes.hif8Tensor),
  scaled('HiF8 per tensor, amax to 32768', recipes.hif8Tensor, { target: formats.hif8.max }),
  pictured(scaled('E4M3 per row', recipes.rowE4m3)),
  pictured(scaled('DeepSeek weight, F32', deepseekWeight)),
  pictured(scaled('DeepSeek weight, UE8M0', recipes.deepseekWeightUe8m0)),
  pictured(scaled('DeepSeek activation, F32', deepseekActivation)),
  pictured(scaled('DeepSeek activation, UE8M0', recipes.deepseekActivationUe8m0)),
  pictured(scaled('E4M3 1x128, F32, search', deepseekActivation, { selection: 'search' })),
  scaled('E5M2 1x128, F32', deepseekActivation, { format: 'e5m2', target: formats.e5m2.max }),
  pictured(scaled('HiF8 1x128, F32', recipes.hif8Block)),
  pictured(scaled('INT8 1x128, F32', deepseekActivation, integers)),
  pictured(scaled('MXFP8 E4M3, floor', mxfp8E4m3)),
  pictured(scaled('MXFP8 E4M3, up', mxfp8E4m3, { selection: 'up' })),
  scaled('MXFP8 E4M3, even', mxfp8E4m3, { selection: 'even' }),
  scaled('MXFP8 E4M3, search', mxfp8E4m3, { selection: 'search' }),
  scaled('MXFP8 E5M2, floor', mxfp8E5m2),
  pictured(scaled('MXFP8 E5M2, up', mxfp8E5m2, { selection: 'up' })),
  pictured(scaled('MXINT8, floor', recipes.mxint8)),
  pictured(scaled('MXFP6 E2M3, floor', mxfp6E2m3)),
  scaled('MXFP6 E2M3, up', mxfp6E2m3, { selection: 'up' }),
  scaled('MXFP6 E2M3, search', mxfp6E2m3, { selection: 'search' }),
  scaled('MXFP6 E3M2, floor', mxfp6E3m2),
  pictured(scaled('MXFP6 E3M2, up', mxfp6E3m2, { selection: 'up' })),
  pictured(scaled('MXFP4, floor', mxfp4)),
  scaled('MXFP4, up', mxfp4, { selection: 'up' }),
  scaled('MXFP4, ceil', mxfp4, { selection: 'ceil' }),
  pictured(scaled('MXFP4, even', mxfp4, { selection: 'even' })),
  pictured(scaled('MXFP4, search', mxfp4, { selection: 'search' })),
  pictured(scaled('NVFP4', recipes.nvfp4)),
  pictured(scaled('NVFP4, four over six', recipes.nvfp4, { selection: 'four-over-six' })),
  pictured(scaled('NVFP4, search', recipes.nvfp4, { selection: 'search' })),
]

const scaleBits = { f32: 32, ue8m0: 8, e4m3: 8 } as const

/** Bits that a number takes, its share of the scale of its block included. What is one for a whole row or matrix is not. */
export function bitsPerNumber({ how }: Scheme): number {
  if ('cast' in how) return formats[how.cast].bits
  const { format, block, scale } = how.recipe
  return formats[format].bits + scaleBits[scale] / (block[0] * block[1])
}
