import { decode, encode, type NumberFormat, type Rounding } from '@octoscale/fp8-core'
import { describeCode } from './describe-code.ts'

/**
 * Whether a number rounds to something beyond the last of the format, as if the format went on: IEEE 754's overflow. 449
 * does not in E4M3, being nearer to 448 than to the 480 that would follow. `encode` cannot be asked: a format without
 * infinity and NaN, and a rounding toward zero, give the last number in both cases.
 */
export function roundsBeyond(number: number, format: NumberFormat, rounding: Rounding): boolean {
  const { max, maxCode, minNormal, negatives, layout } = format
  const negative = number < 0
  // Two's complement has one negative number more.
  const isLonger = negative && negatives === 'twos-complement'
  const last = isLonger ? max + minNormal : max
  const step = describeCode(maxCode, format).ulp!
  // Exact where it matters: the step is at most as large as the last number.
  const excess = Math.abs(number) - last
  if (excess <= 0 || excess >= step) return excess > 0
  const isOdd = (isLonger ? maxCode + 1 : maxCode) % 2 === 1
  switch (rounding) {
    case 'nearest':
      return roundsBeyond(number, format, layout === 'tapered' ? 'nearest-away' : 'nearest-even')
    case 'nearest-even':
      // Without mantissa no number is even, and a tie goes up.
      return excess > step / 2 || (excess === step / 2 && (isOdd || !format.evenCodes))
    case 'nearest-away':
      return excess >= step / 2
    case 'toward-zero':
      return false
    case 'up':
      return !negative
    case 'down':
      return negative
    case 'to-odd':
      return !isOdd
    default:
      // Stochastic and hybrid rounding are not of a kind: what they do here shows where overflow is not hidden.
      return !Number.isFinite(decode(encode(number, format, { rounding, overflow: 'format' }), format))
  }
}
