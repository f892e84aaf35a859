/**
 * Block scaling: codes with one scale per block, `value[r, c] = decode(codes[r, c]) * scales[r / R, c / C]`.
 *
 * Arithmetic is float32, as in DeepSeek's kernels (`act_quant` of DeepSeek-V3's inference/kernel.py):
 *   amax = max(max |block|, amaxFloor),  s = amax / max(format),  ue8m0: s = 2^ceil(log2 s),  code = encode(x / s)
 * The power of two is taken from the bits, not by a logarithm. Dividing amax by 448 in float32 never moves it
 * across a power of two, so `s` is the least power of two under which the block does not clip.
 */

import { checkLength } from './check-length.ts'
import { decode } from './decode.ts'
import { decodeTable } from './decode-table.ts'
import { encode, encoder } from './encode.ts'
import { ArgumentError } from './errors.ts'
import { isPowerOfTwo } from './float64-bits.ts'
import { formatInfo } from './format-info.ts'
import type { BlockRecipe } from './recipes.ts'

/** FP8 codes with their scales, as one value: codes never travel without scales. */
export interface BlockScaledArray {
  /** Row-major, `rows * columns` codes. */
  readonly codes: Uint8Array
  /** Row-major `[ceil(rows / R), ceil(columns / C)]` multipliers: DeepSeek's `weight_scale_inv`. */
  readonly scales: Float32Array
  /** `[rows, columns]`. */
  readonly shape: readonly [number, number]
  readonly recipe: BlockRecipe
}

/**
 * Cuts `values`, row-major `[rows, columns]`, into blocks (those at the edges may be partial), scales and encodes them.
 * A block that holds NaN or an infinity gets the scale NaN and NaN codes: all of it decodes to NaN.
 *
 * @throws {LengthError} if `values` has not rows * columns elements; {@link ArgumentError} for a bad shape or recipe.
 */
export function quantize(
  values: Float32Array,
  shape: readonly [number, number],
  recipe: BlockRecipe,
): BlockScaledArray {
  const grid = blockGrid('quantize', shape, recipe)
  checkLength('quantize', 'values', shape[0] * shape[1], values.length)
  const codes = new Uint8Array(values.length)
  const scales = new Float32Array(grid.rows * grid.columns)
  const encodeOne = encoder(formatInfo(recipe.format))
  forEachBlock(shape, recipe.block, (index, top, bottom, left, right) => {
    let amax = Math.fround(recipe.amaxFloor)
    for (let r = top; r < bottom; r++) {
      // Math.max, unlike a comparison, lets a NaN through.
      for (let i = r * shape[1] + left; i < r * shape[1] + right; i++)
        amax = Math.max(amax, Math.abs(values[i]!))
    }
    const scale = blockScale(amax, recipe)
    scales[index] = scale
    for (let r = top; r < bottom; r++) {
      for (let i = r * shape[1] + left; i < r * shape[1] + right; i++) {
        codes[i] = encodeOne(Math.fround(values[i]! / scale))
      }
    }
  })
  return { codes, scales, shape: [shape[0], shape[1]], recipe }
}

/**
 * `decode(codes[r, c]) * scales[r / R, c / C]`, rounded to float32, into `out` or a new array of rows * columns.
 * Beyond float32's range that is an infinity: a block with ue8m0 scale and values above 2^128 * (1 - 2^-5) may reach it.
 *
 * @throws {LengthError} if an array does not fit the shape; {@link ArgumentError} for a bad shape or recipe.
 */
export function dequantize(quantized: BlockScaledArray, out?: Float32Array): Float32Array {
  const { codes, scales, shape, recipe } = quantized
  const grid = blockGrid('dequantize', shape, recipe)
  const result = out ?? new Float32Array(codes.length)
  checkLength('dequantize', 'codes', shape[0] * shape[1], codes.length)
  checkLength('dequantize', 'scales', grid.rows * grid.columns, scales.length)
  checkLength('dequantize', 'out', codes.length, result.length)
  const table = decodeTable(formatInfo(recipe.format))
  forEachBlock(shape, recipe.block, (index, top, bottom, left, right) => {
    const scale = scales[index]!
    for (let r = top; r < bottom; r++) {
      for (let i = r * shape[1] + left; i < r * shape[1] + right; i++) result[i] = table[codes[i]!]! * scale
    }
  })
  return result
}

/** Index of the first scale that UE8M0 cannot hold (not a power of two of 2^-127 .. 2^127), or -1 if it can hold all. */
export function findNotPowerOfTwo(scales: ArrayLike<number>): number {
  for (let i = 0; i < scales.length; i++) {
    const scale = scales[i]!
    if (!isPowerOfTwo(scale) || scale < 2 ** -127 || scale > 2 ** 127) return i
  }
  return -1
}

function blockScale(amax: number, recipe: BlockRecipe): number {
  if (!(amax < Infinity)) return NaN
  const scale = Math.fround(amax / formatInfo(recipe.format).max)
  return recipe.scale === 'f32' ? scale : decode(encode(scale, 'e8m0', { rounding: 'up' }), 'e8m0')
}

function forEachBlock(
  [rows, columns]: readonly [number, number],
  [height, width]: readonly [number, number],
  visit: (index: number, top: number, bottom: number, left: number, right: number) => void,
): void {
  // Without this a shape of 0 columns and 2^53 rows, which fits an empty array, would never end.
  if (columns === 0) return
  let index = 0
  for (let top = 0; top < rows; top += height) {
    const bottom = Math.min(top + height, rows)
    for (let left = 0; left < columns; left += width) {
      visit(index++, top, bottom, left, Math.min(left + width, columns))
    }
  }
}

function blockGrid(
  op: string,
  shape: readonly [number, number],
  recipe: BlockRecipe,
): { rows: number; columns: number } {
  const whole = (least: number) => (n: number) => Number.isSafeInteger(n) && n >= least
  if (shape.length !== 2 || !shape.every(whole(0))) {
    throw new ArgumentError({
      op,
      argument: 'shape',
      expected: '[rows, columns]',
      got: `[${shape.join(', ')}]`,
    })
  }
  const { block, format } = recipe
  if (block.length !== 2 || !block.every(whole(1))) {
    throw new ArgumentError({
      op,
      argument: 'block',
      expected: 'two positive integers',
      got: `[${block.join(', ')}]`,
    })
  }
  const { bits, nanCode, zero, max } = formatInfo(format)
  if (bits !== 8 || nanCode === undefined || zero === 'none') {
    throw new ArgumentError({ op, argument: 'recipe.format', expected: 'e4m3 or e5m2', got: format })
  }
  // A smaller floor would let the float32 scale of a block of zeros lose bits or become zero itself.
  const least = max * 2 ** -126
  if (!(recipe.amaxFloor >= least && recipe.amaxFloor < Infinity)) {
    throw new ArgumentError({
      op,
      argument: 'amaxFloor',
      expected: `at least ${least}`,
      got: String(recipe.amaxFloor),
    })
  }
  return { rows: Math.ceil(shape[0] / block[0]), columns: Math.ceil(shape[1] / block[1]) }
}
