/** Refuses recipes, shapes and arrays that do not fit, with what to write instead. */
import { checkLength } from '../check-length.ts'
import { ArgumentError, CodeError } from '../errors.ts'
import { formatInfo } from '../formats/format-info.ts'
import type { NumberFormat } from '../formats/number-format.ts'
import type { BlockRecipe, Division, ScaleFormat, ScaleSelection } from './recipes.ts'

/** How a matrix falls into blocks: `[rows, columns]` of the grid, and the block, no larger than the matrix. */
export interface BlockGrid {
  readonly rows: number
  readonly columns: number
  readonly block: readonly [number, number]
}

/** The selections that a kind of scale has. */
const selections: Readonly<Record<ScaleFormat, readonly ScaleSelection[]>> = {
  f32: ['nearest', 'search'],
  ue8m0: ['floor', 'up', 'ceil', 'even', 'search'],
  e4m3: ['nearest', 'search', 'four-over-six'],
}
const divisions: readonly Division[] = ['divide', 'reciprocal']

/** The format of a recipe's codes. @throws {ArgumentError} for a recipe that says nothing, or contradicts itself. */
export function checkRecipe(op: string, recipe: BlockRecipe): NumberFormat {
  const refuse = (argument: string, expected: string, got: unknown): never => {
    throw new ArgumentError({ op, argument, expected, got: String(got) })
  }
  if (typeof recipe !== 'object' || recipe === null) {
    return refuse('recipe', 'a BlockRecipe, such as recipes.mxfp4', recipe)
  }
  const { block, scale, selection, target, amaxFloor, division, globalScale } = recipe
  const info = formatInfo(recipe.format)
  if (info.bits > 8 || info.signBits === 0 || info.zero === 'none') {
    refuse('recipe.format', 'a signed format of at most 8 bits with a zero, such as e4m3', info.name)
  }
  const isExtent = (n: number) => n === Infinity || (Number.isSafeInteger(n) && n >= 1)
  if (!Array.isArray(block) || block.length !== 2 || !block.every(isExtent)) {
    refuse('recipe.block', '[rows, columns] of positive integers or Infinity', list(block))
  }
  if (!Object.hasOwn(selections, scale)) refuse('recipe.scale', Object.keys(selections).join(', '), scale)
  if (!selections[scale].includes(selection)) {
    refuse('recipe.selection', `one of ${selections[scale].join(', ')} for ${scale} scales`, selection)
  }
  if (!(target >= 1 && target <= info.max)) {
    refuse('recipe.target', `1 .. ${info.max}, the largest value of ${info.name}`, target)
  }
  if (selection === 'four-over-six' && (info.name !== 'e2m1' || target !== 6)) {
    refuse(
      'recipe.selection',
      `another one than four-over-six, which is for e2m1 and the target 6`,
      selection,
    )
  }
  if (!(amaxFloor >= 0 && Math.fround(amaxFloor) < Infinity)) {
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

/** @throws {ArgumentError} unless `shape` is two counts. */
export function blockGrid(op: string, shape: readonly [number, number], recipe: BlockRecipe): BlockGrid {
  const isCount = (n: number) => Number.isSafeInteger(n) && n >= 0
  if (!Array.isArray(shape) || shape.length !== 2 || !shape.every(isCount)) {
    throw new ArgumentError({ op, argument: 'shape', expected: '[rows, columns]', got: list(shape) })
  }
  const height = Math.min(recipe.block[0], Math.max(shape[0], 1))
  const width = Math.min(recipe.block[1], Math.max(shape[1], 1))
  return { rows: Math.ceil(shape[0] / height), columns: Math.ceil(shape[1] / width), block: [height, width] }
}

/** What {@link checkQuantized} reads. */
interface Quantized {
  readonly codes: Uint8Array
  readonly scales: Float32Array
  readonly shape: readonly [number, number]
  readonly recipe: BlockRecipe
  readonly globalScale?: number
}

/**
 * @throws {ArgumentError} for an unfit recipe, shape or global scale; `LengthError` for codes or scales of another
 *   length; `CodeError` for codes beyond the bits of the format.
 */
export function checkQuantized(op: string, quantized: Quantized): { info: NumberFormat; grid: BlockGrid } {
  const { codes, scales, shape, recipe, globalScale } = quantized
  const info = checkRecipe(op, recipe)
  const grid = blockGrid(op, shape, recipe)
  checkLength(op, 'codes', shape[0] * shape[1], codes.length)
  checkLength(op, 'scales', grid.rows * grid.columns, scales.length)
  if (recipe.globalScale ? !Number.isFinite(globalScale) : globalScale !== undefined) {
    const expected = recipe.globalScale
      ? `finite, as recipe '${recipe.name}' has one`
      : 'undefined for this recipe'
    throw new ArgumentError({ op, argument: 'globalScale', expected, got: String(globalScale) })
  }
  if (info.bits < 8) checkCodes(info, codes)
  return { info, grid }
}

function checkCodes({ name, bits }: NumberFormat, codes: Uint8Array): void {
  let all = 0
  for (let i = 0; i < codes.length; i++) all |= codes[i]!
  if (all < 2 ** bits) return
  const index = codes.findIndex((code) => code >= 2 ** bits)
  throw new CodeError({ format: name, code: codes[index]!, bits, index })
}

const list = (got: unknown): string => (Array.isArray(got) ? `[${got.join(', ')}]` : String(got))
