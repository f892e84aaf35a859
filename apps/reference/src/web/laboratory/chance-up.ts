import type { NumberFormat } from '@octoscale/fp8-core'
import { indexFrom, orderedValues } from './ordered-values.ts'

/**
 * How often stochastic rounding takes a number to the greater of its two neighbours: its place between them, 0 .. 1. The
 * page has no `stochastic` among its roundings, because the same number would then show another code at every keystroke;
 * this says the same without chance.
 *
 * @returns `undefined` for the numbers of the format, which nothing moves, and outside its range.
 */
export function chanceUp(number: number, format: NumberFormat): number | undefined {
  if (Number.isNaN(number)) return undefined
  const ordered = orderedValues(format)
  const index = indexFrom(ordered, number)
  const upper = ordered.values[index]
  const lower = ordered.values[index - 1]
  if (upper === undefined || lower === undefined || upper === number) return undefined
  // Infinities, and negative numbers of formats that do not have them.
  if (!Number.isFinite(upper) || !Number.isFinite(lower)) return undefined
  // Neighbours have the same sign or one is 0: their difference does not overflow.
  return (number - lower) / (upper - lower)
}
