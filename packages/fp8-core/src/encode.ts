/**
 * float64 to code with a single rounding. Going through float32 or float16 first would round twice: the first
 * rounding can land on a tie of the second (1.0625 + 2^-40 is above the tie 1.0625 of E4M3, but not as a float32).
 */
import { ArgumentError, UnrepresentableError } from './errors.ts'
import { exponentOf, powerOfTwo } from './float64-bits.ts'
import { type FormatLike, formatInfo } from './format-info.ts'
import type { NumberFormat, Overflow, Rounding } from './formats.ts'

export interface EncodeOptions {
  /** Default: the format's; `nearest-even`, but `up` for E8M0, so that a scale never makes its block clip. */
  readonly rounding?: Rounding | undefined
  /** Default: the format's; `saturate` for FP8, FP6 and FP4, `format` for E8M0, bf16 and f16. */
  readonly overflow?: Overflow | undefined
}

const roundings: readonly Rounding[] = ['nearest-even', 'nearest', 'up', 'down']
const overflows: readonly Overflow[] = ['saturate', 'format']

/**
 * The code of `value` in `format`, rounded once.
 *
 * - NaN becomes the positive quiet NaN of the format (JavaScript does not show the sign of a NaN).
 * - `saturate`: what rounds beyond `max`, and +-Infinity, become +-max. `format`: they become +-Infinity, in a format
 *   without infinities NaN, in a format without both (FP6, FP4) +-max.
 * - A directed rounding towards zero never overflows from a finite value (IEEE 754, section 7.4).
 * - -0 keeps its sign; what rounds to zero keeps the sign of the value.
 * - E8M0 has neither sign nor zero: 0, -0 and all of (0, 2^-127) become 2^-127 (code 0) in every rounding mode,
 *   negative values become NaN.
 *
 * @throws {UnrepresentableError} NaN into a format without NaN; {@link ArgumentError} for an unknown option;
 *   {@link UnknownFormatError}.
 */
export function encode(value: number, format: FormatLike, options?: EncodeOptions): number {
  const info = formatInfo(format)
  return encoder(info, options)(value)
}

/** `encode` with format and options resolved and checked once. */
export function encoder(info: NumberFormat, options: EncodeOptions = {}): (value: number) => number {
  const rounding = checked('rounding', options.rounding ?? info.defaults.rounding, roundings)
  const overflow = checked('overflow', options.overflow ?? info.defaults.overflow, overflows)
  const { mantissaBits, maxCode, nanCode, minSubnormal } = info
  const signBit = info.signBits === 0 ? 0 : 2 ** (info.bits - 1)
  const codesPerExponent = 2 ** mantissaBits
  // The least exponent of a full significand. Without subnormals the exponent field 0 is one, too.
  const leastExponent = minSubnormal === undefined ? -info.bias : 1 - info.bias
  // The code of 2^leastExponent, minus its significand 2^mantissaBits.
  const codeBase = minSubnormal === undefined ? -codesPerExponent : 0
  const overflowCode = overflow === 'saturate' ? maxCode : (info.infinityCode ?? nanCode ?? maxCode)
  // Direction of rounding: towards +Infinity (1), -Infinity (-1), or to the nearest (0).
  const direction = rounding === 'up' ? 1 : rounding === 'down' ? -1 : 0

  return (value) => {
    if (Number.isNaN(value) || (value < 0 && signBit === 0)) {
      if (nanCode === undefined) throw new UnrepresentableError({ format: info.name, value })
      return nanCode
    }
    const negative = value < 0 || Object.is(value, -0)
    const sign = negative ? signBit : 0
    const magnitude = Math.abs(value)
    if (magnitude === Infinity) return sign | overflowCode

    // `significand` is the magnitude in units of the last place: the division by a power of two is exact.
    const exponent = Math.max(exponentOf(magnitude), leastExponent)
    const significand = magnitude / powerOfTwo(exponent - mantissaBits)
    const away = negative ? -direction : direction
    // A carry out of the significand, to 2^(mantissaBits + 1), adds one to the exponent field by itself.
    const code = codeBase + (exponent - leastExponent) * codesPerExponent + roundInteger(significand, away)
    if (code > maxCode) return sign | (away < 0 ? maxCode : overflowCode)
    return sign | Math.max(code, 0)
  }
}

/** An integer next to `x >= 0`: below (-1), above (1), or the nearest with ties to even (0). */
function roundInteger(x: number, direction: number): number {
  const below = Math.floor(x)
  const fraction = x - below
  if (direction !== 0) return direction > 0 && fraction > 0 ? below + 1 : below
  return fraction > 0.5 || (fraction === 0.5 && below % 2 === 1) ? below + 1 : below
}

function checked<Name extends string>(argument: string, got: Name, allowed: readonly Name[]): Name {
  if (allowed.includes(got)) return got
  throw new ArgumentError({ op: 'encode', argument, expected: allowed.join(', '), got: String(got) })
}
