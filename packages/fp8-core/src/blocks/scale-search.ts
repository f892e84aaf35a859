/**
 * Scales by the lowest squared error of their block.
 *
 * Candidates, first the one that the rule without a search gives, which is kept unless another is better:
 * - `ue8m0`: the power of two of `floor`, twice and half of it. `up`, `ceil` and `even` are among these.
 * - `f32`: the scale of `nearest` times k / 32, k = 63 .. 24. A factor of two in scale only shifts the exponents of
 *   floating point codes, so that one binade holds all that matters; below 1 the largest values clip, which pays for
 *   few mantissa bits.
 * - `e4m3`: the codes from 8 above (twice the scale) to 4 below that of `nearest`, all that are representable between.
 * - `four-over-six`: that which maps amax to 6, and that which maps it to 4 (arXiv 2512.02010).
 */

import { decodeTable } from '../bulk/decode-table.ts'
import { formats } from '../formats/formats.ts'
import { encode } from '../scalar/encode.ts'
import type { BlockEncoder } from './block-encoder.ts'
import type { BlockRecipe } from './recipes.ts'
import { e4m3Scale, LEAST_FLOAT32_SCALE, type ScaleOf, scaleOf } from './scale-selection.ts'

/** Writes the scales to try for a block with this amax into `out` and returns how many. */
type Candidates = (amax: number, out: Float64Array) => number

/** Rows `top .. bottom - 1`, columns `left .. right - 1` of `values` with `columns` columns; amax is its largest magnitude. */
export type SearchBlock = (amax: number, top: number, bottom: number, left: number, right: number) => number

/** A search over `values`, row-major with `columns` columns. */
export function scaleSearch(
  values: Float32Array,
  columns: number,
  recipe: BlockRecipe,
  globalScale: number,
  encoder: BlockEncoder,
): SearchBlock {
  const candidates = candidatesOf(recipe, globalScale)
  const scales = new Float64Array(64)
  return (amax, top, bottom, left, right) => {
    const count = candidates(amax, scales)
    let [best, least] = [scales[0]!, Infinity]
    for (let k = 0; k < count; k++) {
      const scale = scales[k]!
      const multiplier = Math.fround(scale * globalScale)
      let error = 0
      for (let r = top; r < bottom && error < least; r++) {
        error += encoder.squaredError(values, r * columns + left, r * columns + right, multiplier)
      }
      if (error < least) [best, least] = [scale, error]
    }
    return best
  }
}

function candidatesOf(recipe: BlockRecipe, globalScale: number): Candidates {
  const base = scaleOf(recipe, globalScale)
  if (recipe.selection === 'four-over-six') {
    return fourOverSix(base, e4m3Scale(recipe, globalScale, (recipe.target * 2) / 3))
  }
  if (recipe.scale === 'ue8m0') return powersOfTwo(base)
  return recipe.scale === 'f32' ? float32Factors(base) : neighbours(base)
}

function fourOverSix(toSix: ScaleOf, toFour: ScaleOf): Candidates {
  return (amax, out) => {
    out[0] = toSix(amax)
    out[1] = toFour(amax)
    return 2
  }
}

function powersOfTwo(base: ScaleOf): Candidates {
  return (amax, out) => {
    const scale = base(amax)
    out[0] = scale
    out[1] = Math.min(2 * scale, 2 ** 127)
    out[2] = Math.max(scale / 2, 2 ** -127)
    return 3
  }
}

function float32Factors(base: ScaleOf): Candidates {
  return (amax, out) => {
    const scale = base(amax)
    let count = 0
    out[count++] = scale
    for (let k = 63; k >= 24; k--) out[count++] = Math.max(Math.fround((scale * k) / 32), LEAST_FLOAT32_SCALE)
    return count
  }
}

function neighbours(base: ScaleOf): Candidates {
  const values = decodeTable(formats.e4m3)
  return (amax, out) => {
    const scale = base(amax)
    const code = encode(scale, formats.e4m3)
    let count = 0
    out[count++] = scale
    const last = Math.max(code - 4, 1)
    for (let near = Math.min(code + 8, formats.e4m3.maxCode); near >= last; near--)
      out[count++] = values[near]!
    return count
  }
}
