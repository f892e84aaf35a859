/** What became of a number in a format, in one word. */
import type { NumberFormat, Rounding } from '@octoscale/fp8-core'
import { roundsBeyond } from './rounds-beyond.ts'

export type Outcome =
  /** The format has the number. */
  | 'exact'
  /** NaN, in a format that has it. */
  | 'nan'
  /** The rounded value is greater, or less. */
  | 'rounded-up'
  | 'rounded-down'
  /** Too large for the format: the largest value stands for it, an infinity, or NaN. */
  | 'saturated'
  | 'overflow-infinity'
  | 'overflow-nan'
  /** Not zero, but became zero. */
  | 'underflow'
  /** Zero or nearly, in a format without zero: the smallest value stands for it. */
  | 'no-zero'
  /** -0, in a format with one zero. */
  | 'one-zero'
  /** Negative in a format without sign. */
  | 'no-sign'
  /** NaN in a format without NaN. */
  | 'no-nan'

/**
 * @param rounded the value of the code that stands for `number`; `undefined` when there is none.
 * @param rounding the one that applied.
 */
export function outcomeOf(
  number: number,
  rounded: number | undefined,
  format: NumberFormat,
  rounding: Rounding,
): Outcome {
  if (number < 0 && format.signBits === 0) return 'no-sign'
  if (rounded === undefined) return 'no-nan'
  if (Number.isNaN(number)) return 'nan'
  if (Object.is(number, -0) && format.zero === 'unsigned') return 'one-zero'
  if (number === rounded) return 'exact'
  if (Number.isNaN(rounded)) return 'overflow-nan'
  if (!Number.isFinite(rounded)) return 'overflow-infinity'
  if (roundsBeyond(number, format, rounding)) return 'saturated'
  if (rounded === 0) return 'underflow'
  if (format.zero === 'none' && number < format.minNormal) return 'no-zero'
  return rounded > number ? 'rounded-up' : 'rounded-down'
}
