/**
 * Block scaling: codes with one scale per block of R x C elements,
 * `value[r, c] = decode(codes[r, c]) * f32(scales[r / R, c / C] * globalScale)`.
 *
 * Arithmetic is float32, as in the kernels that others run; powers of two are taken from the bits, not by logarithms:
 *   amax = max(max |block|, amaxFloor),  s = selection(amax / target),  code = encode(x / f32(s * globalScale))
 */

import { decodeTable } from '../bulk/decode-table.ts'
import { checkArray } from '../checks/check-array.ts'
import { checkLength } from '../checks/check-length.ts'
import { checkNumbers } from '../checks/check-numbers.ts'
import { isPowerOfTwo } from '../scalar/float64-bits.ts'
import type { Written } from '../written.ts'
import { blockEncoder } from './block-encoder.ts'
import { blockGrid, blockMaxima, forEachBlock } from './block-grid.ts'
import type { BlockScaledArray } from './block-scaled-array.ts'
import { checkQuantized, checkRecipe } from './check-recipe.ts'
import type { BlockRecipe } from './recipes.ts'
import { scaleSearch } from './scale-search.ts'
import { globalScaleOf, scaleOf } from './scale-selection.ts'

/**
 * Cuts `values`, row-major `[rows, columns]`, into blocks (those at the edges may be partial), scales and encodes them.
 * Rounds to nearest and saturates: nothing becomes infinite, and MXINT8 never -2.
 *
 * A block that holds NaN or an infinity gets the scale NaN, and NaN codes or, in a format without NaN, codes 0: all of
 * it decodes to NaN. It does not count for the global scale.
 *
 * @throws {LengthError} if `values` has not rows * columns elements; {@link ArgumentError} for a bad shape or recipe.
 */
export function quantize(
  values: Float32Array,
  shape: readonly [number, number],
  recipe: BlockRecipe,
): BlockScaledArray<ArrayBuffer> {
  const info = checkRecipe('quantize', recipe)
  const grid = blockGrid('quantize', shape, recipe)
  checkArray('quantize', 'values', values, 'Float32Array')
  checkLength('quantize', 'values', shape[0] * shape[1], values.length)
  const codes = new Uint8Array(values.length)
  const scales = new Float32Array(grid.rows * grid.columns)

  // The maxima stand in the place of the scales until these are known.
  blockMaxima(values, shape, grid, recipe.amaxFloor, scales)
  const globalScale = recipe.globalScale ? globalScaleOf(recipe, largestFinite(scales)) : 1
  const encoder = blockEncoder(info, recipe.division.values, values.length)
  const ofMaximum = scaleOf(recipe, globalScale)
  const searches = recipe.selection === 'search' || recipe.selection === 'four-over-six'
  const search = searches ? scaleSearch(values, shape[1], recipe, globalScale, encoder) : ofMaximum

  const columns = shape[1]
  forEachBlock(shape, grid, (index, top, bottom, left, right) => {
    const amax = scales[index]!
    const bad = !(amax < Infinity)
    const scale = bad ? NaN : search(amax, top, bottom, left, right)
    scales[index] = scale
    const multiplier = Math.fround(scale * globalScale)
    for (let r = top; r < bottom; r++) {
      const [start, end] = [r * columns + left, r * columns + right]
      if (bad) codes.fill(info.nanCode ?? 0, start, end)
      else encoder.encode(values, start, end, multiplier, codes)
    }
  })
  const quantized = { codes, scales, shape: [shape[0], shape[1]], recipe } as const
  return recipe.globalScale ? { ...quantized, globalScale } : quantized
}

/**
 * `decode(codes[r, c]) * f32(scales[r / R, c / C] * globalScale)`, rounded to float32, into `out` or a new array of
 * rows * columns. Beyond float32's range that is an infinity: a block of values above 2^128 * (1 - 2^-5) may reach it.
 *
 * @throws {LengthError} if an array does not fit the shape; {@link ArgumentError} for a bad shape, recipe or global scale;
 *   {@link CodeError} for a code that is wider than a 4- or 6-bit format.
 */
export function dequantize<Out extends Float32Array | undefined = undefined>(
  quantized: BlockScaledArray,
  out?: Out,
): Written<Out, Float32Array<ArrayBuffer>> {
  const { info, grid } = checkQuantized('dequantize', quantized)
  const { codes, scales, shape, globalScale = 1 } = quantized
  const result: Float32Array = out ?? new Float32Array(codes.length)
  checkArray('dequantize', 'out', result, 'Float32Array')
  checkLength('dequantize', 'out', codes.length, result.length)
  const table = decodeTable(info)
  const columns = shape[1]
  forEachBlock(shape, grid, (index, top, bottom, left, right) => {
    const multiplier = Math.fround(scales[index]! * globalScale)
    for (let r = top; r < bottom; r++) {
      const end = r * columns + right
      for (let i = r * columns + left; i < end; i++) result[i] = table[codes[i]!]! * multiplier
    }
  })
  return result as Written<Out, Float32Array<ArrayBuffer>>
}

/** Index of the first scale that UE8M0 cannot hold (not a power of two of 2^-127 .. 2^127), or -1 if it can hold all. */
export function findNotPowerOfTwo(scales: ArrayLike<number>): number {
  checkNumbers('findNotPowerOfTwo', 'scales', scales)
  for (let i = 0; i < scales.length; i++) {
    const scale = scales[i]!
    if (!isPowerOfTwo(scale) || scale < 2 ** -127 || scale > 2 ** 127) return i
  }
  return -1
}

function largestFinite(maxima: Float32Array): number {
  let largest = 0
  for (const amax of maxima) if (amax > largest && amax < Infinity) largest = amax
  return largest
}
