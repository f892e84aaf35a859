import type { NumberFormat } from '../formats/number-format.ts'
import { values } from '../scalar/decode.ts'

/** The finite positive values of a format, ascending. */
export function positiveValues(info: NumberFormat): Float64Array {
  return values(info)
    .filter((value) => value > 0 && value < Infinity)
    .sort()
}

/** How many finite numbers a format has, +0 and -0 as one. */
export function countFinite(info: NumberFormat): number {
  return new Set(values(info).filter(Number.isFinite)).size
}
