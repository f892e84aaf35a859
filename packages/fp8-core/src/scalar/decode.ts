import { CodeError } from '../errors.ts'
import { type FormatLike, formatInfo } from '../formats/format-info.ts'
import { hif8Magnitude } from '../formats/hif8.ts'
import type { NumberFormat } from '../formats/number-format.ts'
import { powerOfTwo } from './float64-bits.ts'

/**
 * The value of a code, exact (every value of every format here is also exact in float32).
 *
 * @param code integer in `0 .. 2^bits - 1`; codes narrower than a byte sit in the low bits.
 * @throws {CodeError} for any other code; {@link UnknownFormatError}.
 */
export function decode(code: number, format: FormatLike): number {
  const info = formatInfo(format)
  checkedCode(code, info)
  const magnitudes = 2 ** (info.bits - info.signBits)
  const negative = code >= magnitudes
  if (info.negatives === 'twos-complement') {
    return negative ? -rawMagnitude(info, 2 * magnitudes - code) : rawMagnitude(info, code)
  }
  const magnitude = code % magnitudes
  // Not sign * NaN: engines let the sign of a NaN through to typed arrays, where equal tables would then differ.
  if (isNan(info, code, magnitude)) return NaN
  const absolute = magnitude === info.infinityCode ? Infinity : rawMagnitude(info, magnitude)
  return negative ? -absolute : absolute
}

/** `code`, if it is one of the format. */
export function checkedCode(code: number, { name, bits }: NumberFormat): number {
  if (Number.isInteger(code) && code >= 0 && code < 2 ** bits) return code
  throw new CodeError({ format: name, code, bits })
}

function isNan(
  { nans, nanCode, maxCode, infinityCode }: NumberFormat,
  code: number,
  magnitude: number,
): boolean {
  // The only NaN, where the magnitude is that of zero.
  if (nans === 'negative-zero') return code === nanCode
  return nans !== 'none' && magnitude > (infinityCode ?? maxCode)
}

/** The value of a magnitude code as its fields say, also where NaN and infinity take the code away, and beyond the bits. */
export function rawMagnitude(info: NumberFormat, magnitude: number): number {
  if (info.layout === 'tapered') return hif8Magnitude(magnitude)
  const { mantissaBits, bias } = info
  const exponent = Math.floor(magnitude / 2 ** mantissaBits)
  const mantissa = magnitude % 2 ** mantissaBits
  if (info.exponentBits === 0) return magnitude * powerOfTwo(1 - bias - mantissaBits)
  if (exponent === 0 && info.zero !== 'none') {
    return mantissa * powerOfTwo(1 - bias - mantissaBits)
  }
  return (2 ** mantissaBits + mantissa) * powerOfTwo(exponent - bias - mantissaBits)
}

/** The values of all codes, in the order of the codes: `values(format)[code] === decode(code, format)`. */
export function values(format: FormatLike): Float64Array<ArrayBuffer> {
  const info = formatInfo(format)
  return Float64Array.from({ length: 2 ** info.bits }, (_, code) => decode(code, info))
}
