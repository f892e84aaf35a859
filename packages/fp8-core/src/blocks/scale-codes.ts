/** Scales as the bytes that files hold: UE8M0 (`F8_E8M0`) or E4M3. */

import { decodeTable } from '../bulk/decode-table.ts'
import { checkArray } from '../checks/check-array.ts'
import { ArgumentError, BlockScaleError } from '../errors.ts'
import { formats } from '../formats/formats.ts'
import type { NumberFormat } from '../formats/number-format.ts'
import { encoder } from '../scalar/encode.ts'
import { blockGrid } from './block-grid.ts'
import type { BlockScaledArray } from './block-scaled-array.ts'
import { checkQuantized, checkRecipe } from './check-recipe.ts'
import type { BlockRecipe } from './recipes.ts'

/**
 * The scales as codes of the recipe's scale format, in the same order; NaN is a code. The global scale is not among them.
 * Nothing is rounded: float32 scales in the place of powers of two are an error, see `requantizeUe8m0`.
 *
 * @throws {BlockScaleError} for a scale that the format cannot hold; {@link ArgumentError} for a recipe with float32 scales;
 *   what {@link dequantize} throws.
 */
export function scaleCodes(quantized: BlockScaledArray): Uint8Array<ArrayBuffer> {
  const { grid } = checkQuantized('scaleCodes', quantized)
  const { scales, recipe } = quantized
  const info = scaleFormat('scaleCodes', recipe)
  const encodeOne = encoder(info)
  const values = decodeTable(info)
  return Uint8Array.from(scales, (scale, index) => {
    const code = encodeOne(scale)
    // NaN, +0 and every positive value of the format; not -0, which would make another byte than 0.
    if (!Object.is(values[code], scale) || scale < 0 || Object.is(scale, -0)) {
      throw unfit('scaleCodes', grid.columns, index, scale, recipe)
    }
    return code
  })
}

/**
 * The inverse: a block-scaled array whose scales are `scaleCodes`, bytes of the recipe's scale format.
 *
 * @throws {BlockScaleError} for an E4M3 code with a sign; {@link ArgumentError} for a recipe with float32 scales;
 *   what {@link dequantize} throws.
 */
export function fromScaleCodes(
  parts: Omit<BlockScaledArray, 'scales'> & { readonly scaleCodes: Uint8Array },
): BlockScaledArray {
  const { scaleCodes, ...others } = parts
  checkRecipe('fromScaleCodes', parts.recipe)
  const { columns } = blockGrid('fromScaleCodes', parts.shape, parts.recipe)
  const info = scaleFormat('fromScaleCodes', parts.recipe)
  checkArray('fromScaleCodes', 'scaleCodes', scaleCodes, 'Uint8Array')
  const values = decodeTable(info)
  const scales = Float32Array.from(scaleCodes, (code, index) => {
    const scale = values[code]!
    if (scale < 0 || Object.is(scale, -0)) {
      throw unfit('fromScaleCodes', columns, index, scale, parts.recipe)
    }
    return scale
  })
  const quantized = { ...others, scales }
  checkQuantized('fromScaleCodes', quantized)
  return quantized
}

function scaleFormat(op: string, { scale, name }: BlockRecipe): NumberFormat {
  if (scale === 'ue8m0') return formats.e8m0
  if (scale === 'e4m3') return formats.e4m3
  const expected = 'ue8m0 or e4m3 (requantizeUe8m0 makes powers of two of float32 scales)'
  throw new ArgumentError({ op, argument: `recipe.scale of '${name}'`, expected, got: scale })
}

function unfit(
  op: string,
  columns: number,
  index: number,
  value: number,
  { scale }: BlockRecipe,
): BlockScaleError {
  const expected =
    scale === 'e4m3'
      ? 'a non-negative E4M3 number'
      : 'a power of two of 2^-127 .. 2^127 (see requantizeUe8m0)'
  return new BlockScaleError({
    op,
    row: Math.floor(index / columns),
    column: index % columns,
    value,
    expected,
  })
}
