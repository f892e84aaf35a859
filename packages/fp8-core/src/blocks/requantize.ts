/** Codes under other scales. Nothing is truncated: scales go up to the next that fits, and codes are rounded anew. */

import { decodeTable } from '../bulk/decode-table.ts'
import { ArgumentError, BlockScaleError } from '../errors.ts'
import { decode } from '../scalar/decode.ts'
import { encode, encoder } from '../scalar/encode.ts'
import { forEachBlock } from './block-grid.ts'
import type { BlockScaledArray } from './block-scaled-array.ts'
import { dequantize, findNotPowerOfTwo, quantize } from './block-scaling.ts'
import { checkQuantized } from './check-recipe.ts'
import type { BlockRecipe } from './recipes.ts'

/** What {@link requantizeUe8m0} gives. */
export interface Requantized {
  readonly quantized: BlockScaledArray<ArrayBuffer>
  /** Blocks whose scale was no power of two. */
  readonly changedBlocks: number
  /** Codes that are not what they were; all in such blocks. */
  readonly changedCodes: number
}

/**
 * Float32 scales to powers of two, as UE8M0 and DeepGEMM on SM100 want them: each scale s becomes the least power of
 * two s' >= s, and each code the code of the exact decode(code) * s / s', rounded to nearest once. Nothing clips. Blocks
 * whose scale is a power of two keep scale and codes byte for byte, and blocks of NaN stay so. DeepSeek-V3.1 needs this:
 * its `o_proj` has scales that are no powers of two.
 *
 * @throws {BlockScaleError} for a scale that has no power of two above it: 0, negative, or above 2^127;
 *   {@link ArgumentError} for a recipe with `e4m3` scales; what {@link dequantize} throws.
 */
export function requantizeUe8m0(quantized: BlockScaledArray): Requantized {
  const op = 'requantizeUe8m0'
  const { info, grid } = checkQuantized(op, quantized)
  const { shape, recipe } = quantized
  if (recipe.scale === 'e4m3') {
    const expected = 'f32 or ue8m0 (requantize takes any recipe)'
    throw new ArgumentError({ op, argument: `recipe.scale of '${recipe.name}'`, expected, got: recipe.scale })
  }
  const codes = quantized.codes.slice()
  const scales = quantized.scales.slice()
  const encodeOne = encoder(info, { rounding: 'nearest', overflow: 'saturate' })
  const values = decodeTable(info)
  // The new code of each old code of the block in hand, made when first needed; -1: not made.
  const renamed = new Int16Array(2 ** info.bits)
  let [changedBlocks, changedCodes] = [0, 0]
  forEachBlock(shape, grid, (index, top, bottom, left, right) => {
    const scale = scales[index]!
    if (Number.isNaN(scale) || findNotPowerOfTwo([scale]) === -1) return
    if (!(scale > 0 && scale <= 2 ** 127)) {
      const [row, column] = [Math.floor(index / grid.columns), index % grid.columns]
      throw new BlockScaleError({ op, row, column, value: scale, expected: 'positive and at most 2^127' })
    }
    const power = decode(encode(scale, 'e8m0', { rounding: 'up' }), 'e8m0')
    scales[index] = power
    changedBlocks++
    renamed.fill(-1)
    for (let r = top; r < bottom; r++) {
      for (let i = r * shape[1] + left; i < r * shape[1] + right; i++) {
        const code = codes[i]!
        const value = values[code]!
        // Exact: at most 8 times 24 significant bits, divided by a power of two. Infinities and NaN stay what they are.
        if (renamed[code] === -1) {
          renamed[code] = Number.isFinite(value) ? encodeOne((value * scale) / power) : code
        }
        if (renamed[code] !== code) changedCodes++
        codes[i] = renamed[code]!
      }
    }
  })
  const renamedRecipe: BlockRecipe =
    recipe.scale === 'ue8m0'
      ? recipe
      : { ...recipe, name: `${recipe.name}, requantized to ue8m0`, scale: 'ue8m0', selection: 'up' }
  return { quantized: { ...quantized, codes, scales, recipe: renamedRecipe }, changedBlocks, changedCodes }
}

/**
 * `quantize(dequantize(quantized), shape, recipe)`: to another format, block or kind of scale, by way of float32. Each
 * such step loses; from the original numbers the result is better.
 *
 * @throws what {@link dequantize} and {@link quantize} throw.
 */
export function requantize(quantized: BlockScaledArray, recipe: BlockRecipe): BlockScaledArray<ArrayBuffer> {
  return quantize(dequantize(quantized), quantized.shape, recipe)
}
