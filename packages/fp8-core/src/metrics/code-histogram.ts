import { checkLength } from '../checks/check-length.ts'
import { checkNumbers } from '../checks/check-numbers.ts'
import { CodeError } from '../errors.ts'
import { type FormatLike, formatInfo } from '../formats/format-info.ts'

/**
 * How often each code occurs: `counts[code]`, of 2^bits elements.
 *
 * @param counts is added to, so that a file can be counted tensor by tensor; by default new zeros. After an error it
 *   holds the codes before the bad one.
 * @throws {CodeError} for what is no code of the format; {@link LengthError}; {@link UnknownFormatError}.
 */
export function codeHistogram(
  codes: ArrayLike<number>,
  format: FormatLike,
  counts?: Float64Array,
): Float64Array {
  const info = formatInfo(format)
  const result = counts ?? new Float64Array(2 ** info.bits)
  checkNumbers('codeHistogram', 'codes', codes)
  checkLength('codeHistogram', 'counts', 2 ** info.bits, result.length)
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index]!
    const count = result[code]
    if (count === undefined) throw new CodeError({ format: info.name, code, bits: info.bits, index })
    result[code] = count + 1
  }
  return result
}
