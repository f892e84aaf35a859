import { checkLength } from '../checks/check-length.ts'
import { checkNumbers } from '../checks/check-numbers.ts'
import { CodeError } from '../errors.ts'
import { type FormatLike, formatInfo } from '../formats/format-info.ts'
import { values as valuesOf } from '../scalar/decode.ts'

/** What a conversion did at the ends of the range: shares of all elements, 0 .. 1; all 0 of nothing. */
export interface ConversionSummary {
  readonly elements: number
  /** Above the largest value and became it, infinite or not; or below the most negative one and became that. */
  readonly saturated: number
  /** Finite, and became an infinity. */
  readonly infinite: number
  /** A number, and became NaN. */
  readonly nan: number
  /** Not 0, and became 0. */
  readonly underflowed: number
  /** Became a value that is not 0 but below the least normal one: fewer significant digits. */
  readonly subnormal: number
}

/**
 * Compares numbers with the codes that they became. With block scaling give the numbers as encoded: divided by their
 * scales. What was NaN before counts nowhere but in `elements`.
 *
 * @throws {LengthError}; {@link CodeError} for what is no code of the format; {@link UnknownFormatError}.
 */
export function conversionSummary(
  values: ArrayLike<number>,
  codes: ArrayLike<number>,
  format: FormatLike,
): ConversionSummary {
  checkNumbers('conversionSummary', 'values', values)
  checkNumbers('conversionSummary', 'codes', codes)
  const info = formatInfo(format)
  const elements = values.length
  checkLength('conversionSummary', 'codes', elements, codes.length)
  const table = valuesOf(info)
  // Two's complement goes one step farther below zero than above.
  const least = info.negatives === 'twos-complement' ? -(info.max + info.minNormal) : -info.max
  let [saturated, infinite, nan, underflowed, subnormal] = [0, 0, 0, 0, 0]
  for (let index = 0; index < elements; index++) {
    const x = values[index]!
    const y = table[codes[index]!]
    if (y === undefined) {
      throw new CodeError({ format: info.name, code: codes[index]!, bits: info.bits, index })
    }
    if (Number.isNaN(x)) continue
    if (Number.isNaN(y)) nan++
    else if (y === 0) underflowed += x === 0 ? 0 : 1
    else if (Math.abs(y) === Infinity) infinite += Math.abs(x) === Infinity ? 0 : 1
    else if ((y === info.max && x > y) || (y === least && x < y)) saturated++
    else if (Math.abs(y) < info.minNormal) subnormal++
  }
  const share = (count: number) => (elements === 0 ? 0 : count / elements)
  return {
    elements,
    saturated: share(saturated),
    infinite: share(infinite),
    nan: share(nan),
    underflowed: share(underflowed),
    subnormal: share(subnormal),
  }
}
