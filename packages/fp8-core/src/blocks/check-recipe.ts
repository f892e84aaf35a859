/** Refuses recipes and arrays that do not fit them, with what to write instead. */
import { checkArray } from '../checks/check-array.ts'
import { checkCodes } from '../checks/check-codes.ts'
import { checkLength } from '../checks/check-length.ts'
import { elementsOf, kindOf } from '../checks/kind-of.ts'
import { ArgumentError } from '../errors.ts'
import { formatInfo } from '../formats/format-info.ts'
import type { NumberFormat } from '../formats/number-format.ts'
import { FLOAT32_MAX } from '../scalar/float64-bits.ts'
import { type BlockGrid, blockGrid } from './block-grid.ts'
import type { BlockScaledArray } from './block-scaled-array.ts'
import type { BlockRecipe, Division, ScaleFormat, ScaleSelection } from './recipes.ts'

/** The selections that a kind of scale has. */
const selections: Readonly<Record<ScaleFormat, readonly ScaleSelection[]>> = {
  f32: ['nearest', 'search'],
  ue8m0: ['floor', 'up', 'ceil', 'even', 'search'],
  e4m3: ['nearest', 'search', 'four-over-six'],
}
const scales = Object.keys(selections) as ScaleFormat[]
const divisions: readonly Division[] = ['divide', 'reciprocal']

/** The format of a recipe's codes. @throws {ArgumentError} for a recipe that says nothing, or contradicts itself. */
export function checkRecipe(op: string, recipe: BlockRecipe): NumberFormat {
  const refuse = (argument: string, expected: string, got: unknown): never => {
    throw new ArgumentError({ op, argument, expected, got: elementsOf(got) })
  }
  if (typeof recipe !== 'object' || recipe === null) {
    return refuse('recipe', 'a BlockRecipe, such as recipes.mxfp4', recipe)
  }
  const { block, scale, selection, target, amaxFloor, division, globalScale } = recipe
  const info = formatInfo(recipe.format)
  if (info.bits > 8 || info.signBits === 0 || info.zero === 'none') {
    refuse('recipe.format', 'a signed format of at most 8 bits with a zero, such as e4m3', info.name)
  }
  const isWithin = (got: number, least: number, most: number) =>
    typeof got === 'number' && got >= least && got <= most
  const isExtent = (n: number) => n === Infinity || (Number.isSafeInteger(n) && n >= 1)
  // Spread, because `every` passes over holes.
  if (!Array.isArray(block) || block.length !== 2 || ![...block].every(isExtent)) {
    refuse('recipe.block', '[rows, columns] of positive integers or Infinity', block)
  }
  if (!scales.includes(scale)) refuse('recipe.scale', scales.join(', '), scale)
  if (!selections[scale].includes(selection)) {
    refuse('recipe.selection', `one of ${selections[scale].join(', ')} for ${scale} scales`, selection)
  }
  if (!isWithin(target, 1, info.max)) {
    refuse('recipe.target', `1 .. ${info.max}, the largest value of ${info.name}`, target)
  }
  if (selection === 'four-over-six' && (info.name !== 'e2m1' || target !== 6)) {
    refuse(
      'recipe.selection',
      `another one than four-over-six, which is for e2m1 and the target 6`,
      selection,
    )
  }
  if (!isWithin(amaxFloor, 0, FLOAT32_MAX)) {
    refuse('recipe.amaxFloor', 'a finite float32, 0 for none', amaxFloor)
  }
  for (const part of ['amax', 'values'] as const) {
    const got = division?.[part]
    if (!divisions.includes(got)) refuse(`recipe.division.${part}`, divisions.join(' or '), got)
  }
  if (typeof globalScale !== 'boolean' || (globalScale && scale !== 'e4m3')) {
    refuse(
      'recipe.globalScale',
      scale === 'e4m3' ? 'true or false' : `false for ${scale} scales`,
      globalScale,
    )
  }
  return info
}

/**
 * @throws {ArgumentError} for an unfit recipe, shape, type of array or global scale; `LengthError` for codes or scales of another
 *   length; `CodeError` for codes beyond the bits of the format.
 */
export function checkQuantized(
  op: string,
  quantized: BlockScaledArray,
): { info: NumberFormat; grid: BlockGrid } {
  const { codes, scales, shape, recipe, globalScale } = quantized
  const info = checkRecipe(op, recipe)
  const grid = blockGrid(op, shape, recipe)
  checkArray(op, 'codes', codes, 'Uint8Array')
  checkArray(op, 'scales', scales, 'Float32Array')
  checkLength(op, 'codes', shape[0] * shape[1], codes.length)
  checkLength(op, 'scales', grid.rows * grid.columns, scales.length)
  if (recipe.globalScale ? !Number.isFinite(globalScale) : globalScale !== undefined) {
    const expected = recipe.globalScale
      ? `finite, as recipe '${recipe.name}' has one`
      : 'undefined for this recipe'
    throw new ArgumentError({ op, argument: 'globalScale', expected, got: kindOf(globalScale) })
  }
  checkCodes(info, codes)
  return { info, grid }
}
