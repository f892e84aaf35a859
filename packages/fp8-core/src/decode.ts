import { CodeError } from './errors.ts'
import { powerOfTwo } from './float64-bits.ts'
import { type FormatLike, formatInfo } from './format-info.ts'

/**
 * The value of a code, exact (every value of every format here is also exact in float32).
 *
 * @param code integer in `0 .. 2^bits - 1`; codes narrower than a byte sit in the low bits.
 * @throws {CodeError} for any other code; {@link UnknownFormatError}.
 */
export function decode(code: number, format: FormatLike): number {
  const info = formatInfo(format)
  if (!Number.isInteger(code) || code < 0 || code >= 2 ** info.bits) {
    throw new CodeError({ format: info.name, code, bits: info.bits })
  }
  const { mantissaBits, minSubnormal } = info
  const magnitudeBits = info.exponentBits + mantissaBits
  const magnitudeCode = code & (2 ** magnitudeBits - 1)
  const sign = code >>> magnitudeBits === 0 ? 1 : -1
  // Not sign * NaN: engines let the sign of a NaN through to typed arrays, where equal tables would then differ.
  if (magnitudeCode > info.maxCode) return magnitudeCode === info.infinityCode ? sign * Infinity : NaN
  const mantissa = code & (2 ** mantissaBits - 1)
  const exponent = magnitudeCode >>> mantissaBits
  if (exponent === 0 && minSubnormal !== undefined) return sign * mantissa * minSubnormal
  return sign * (2 ** mantissaBits + mantissa) * powerOfTwo(exponent - info.bias - mantissaBits)
}

/** The values of all codes, in the order of the codes: `values(format)[code] === decode(code, format)`. */
export function values(format: FormatLike): Float64Array<ArrayBuffer> {
  const info = formatInfo(format)
  return Float64Array.from({ length: 2 ** info.bits }, (_, code) => decode(code, info))
}
