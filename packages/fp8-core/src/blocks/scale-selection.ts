/** From a block's largest magnitude to its scale. The rules are those of {@link ScaleSelection}. */
import { decodeTable } from '../bulk/decode-table.ts'
import { formatInfo } from '../formats/format-info.ts'
import { formats } from '../formats/formats.ts'
import { encoder } from '../scalar/encode.ts'
import { exponentOf, isPowerOfTwo, powerOfTwo } from '../scalar/float64-bits.ts'
import type { BlockRecipe } from './recipes.ts'

/** Least scale of `f32` recipes: the least normal float32, as many processors take subnormal ones for 0. */
export const LEAST_FLOAT32_SCALE: number = 2 ** -126

/** Of a block with finite `amax` (the recipe's floor included) the scale; with `search` the one that the search starts from. */
export type ScaleOf = (amax: number) => number

/** @param globalScale 1 for recipes without one. */
export function scaleOf(recipe: BlockRecipe, globalScale: number): ScaleOf {
  if (recipe.scale === 'f32') {
    const quotient = quotientOf(recipe)
    return (amax) => Math.max(quotient(amax), LEAST_FLOAT32_SCALE)
  }
  if (recipe.scale === 'ue8m0') {
    const exponent = exponentRule(recipe)
    return (amax) => powerOfTwo(Math.min(Math.max(exponent(amax), -127), 127))
  }
  return e4m3Scale(recipe, globalScale, recipe.target)
}

/**
 * The float32 for a matrix whose largest magnitude is `amax`: amax / (448 target), so that the largest block scale is
 * 448. Where a block may choose a larger scale than `nearest` gives it, 256 leaves the room (arXiv 2512.02010).
 * At least 2^-126, and 1 for a matrix of zeros.
 */
export function globalScaleOf(recipe: BlockRecipe, amax: number): number {
  if (amax === 0) return 1
  const largestBlockScale = recipe.selection === 'nearest' ? formats.e4m3.max : 256
  return Math.max(Math.fround(amax / (largestBlockScale * recipe.target)), LEAST_FLOAT32_SCALE)
}

/**
 * NVFP4: (amax / target) / global, or amax * ((1 / global) * (1 / target)) as Transformer Engine associates it, each
 * step in float32, to the nearest E4M3. Never 0: what rounds to it, and a block of zeros, get 2^-9.
 */
export function e4m3Scale(recipe: BlockRecipe, globalScale: number, target: number): ScaleOf {
  const encode = encoder(formats.e4m3, { rounding: 'nearest-even', overflow: 'saturate' })
  const values = decodeTable(formats.e4m3)
  const inverse = Math.fround(Math.fround(1 / globalScale) * Math.fround(1 / target))
  const divide = recipe.division.amax === 'divide'
  return (amax) => {
    const quotient = divide
      ? Math.fround(Math.fround(amax / target) / globalScale)
      : Math.fround(amax * inverse)
    return values[Math.max(encode(quotient), 1)]!
  }
}

function quotientOf({ target, division }: BlockRecipe): ScaleOf {
  const inverse = Math.fround(1 / target)
  if (division.amax === 'divide') return (amax) => Math.fround(amax / target)
  return (amax) => Math.fround(amax * inverse)
}

/** The exponent of a power-of-two scale, before it is clamped to -127 .. 127. */
function exponentRule(recipe: BlockRecipe): (amax: number) => number {
  const { target, selection, division } = recipe
  const p = exponentOf(target)
  const ceil = (x: number) => exponentOf(x) + (isPowerOfTwo(x) ? 0 : 1)
  if (selection === 'ceil') return (amax) => ceil(amax) - p
  if (selection === 'even') {
    const { mantissaBits, exponentBits } = formatInfo(recipe.format)
    // Fixed point spends one of its bits on the leading one.
    const carries = 2 - 2 ** -(mantissaBits + (exponentBits === 0 ? 0 : 1))
    return (amax) => {
      const e = exponentOf(amax)
      return (amax >= carries * powerOfTwo(e) ? e + 1 : e) - p
    }
  }
  if (selection !== 'up') return (amax) => exponentOf(amax) - p
  const quotient = quotientOf(recipe)
  if (division.amax === 'reciprocal') return (amax) => ceil(quotient(amax))
  // Exact, also where the float32 quotient would be subnormal: the products of powers of two are exact in float64.
  return (amax) => {
    const e = Math.max(exponentOf(amax) - p, -127)
    return amax > target * powerOfTwo(e) ? e + 1 : e
  }
}
