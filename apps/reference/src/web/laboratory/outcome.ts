/** What became of a number in a format, in one word. */
import { type EncodeOptions, encode, type NumberFormat, type Rounding } from '@octoscale/fp8-core'

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
  /** Negative in a format without sign. */
  | 'no-sign'
  /** NaN in a format without NaN. */
  | 'no-nan'

/**
 * @param rounded the value of the code that stands for `number`; `undefined` when there is none.
 * @param options those that `number` was encoded with.
 */
export function outcomeOf(
  number: number,
  rounded: number | undefined,
  format: NumberFormat,
  options: EncodeOptions,
): Outcome {
  if (number < 0 && format.signBits === 0) return 'no-sign'
  if (rounded === undefined) return 'no-nan'
  if (Number.isNaN(number)) return 'nan'
  if (number === rounded) return 'exact'
  if (Number.isNaN(rounded)) return 'overflow-nan'
  if (!Number.isFinite(rounded)) return 'overflow-infinity'
  if (isBeyond(number, format, options)) return 'saturated'
  if (rounded === 0) return 'underflow'
  if (format.zero === 'none' && number < format.minNormal) return 'no-zero'
  return rounded > number ? 'rounded-up' : 'rounded-down'
}

const mirrored: Readonly<Record<Rounding, Rounding>> = {
  'nearest-even': 'nearest-even',
  nearest: 'nearest',
  up: 'down',
  down: 'up',
}

/**
 * Whether a number rounds to something above the largest value. 449 does not in E4M3: it is nearer to 448 than to the
 * 480 that would follow. So that fp8-core's own rounding answers, it encodes into the same row without an end.
 */
function isBeyond(number: number, format: NumberFormat, options: EncodeOptions): boolean {
  const magnitude = Math.abs(number)
  if (magnitude === Infinity) return true
  const rounding = options.rounding ?? format.defaults.rounding
  const endless = { ...format, maxCode: 2 ** 30 }
  return encode(magnitude, endless, { rounding: number < 0 ? mirrored[rounding] : rounding }) > format.maxCode
}
