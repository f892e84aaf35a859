/**
 * float64 to code with a single rounding. Going through float32 or float16 first would round twice: the first
 * rounding can land on a tie of the second (1.0625 + 2^-40 is above the tie 1.0625 of E4M3, but not as a float32).
 */

import { kindOf } from '../checks/kind-of.ts'
import { ArgumentError, UnrepresentableError } from '../errors.ts'
import { type FormatLike, formatInfo } from '../formats/format-info.ts'
import { roundsAwayHybrid } from '../formats/hif8.ts'
import type { NumberFormat } from '../formats/number-format.ts'
import { perFormat } from '../formats/per-format.ts'
import { ladderOf, rankAtMost } from './ladder.ts'
import {
  keepsFinite,
  type Overflow,
  overflows,
  plainRules,
  type Rounding,
  type RoundsAway,
  roundings,
  stochasticRule,
} from './rounding.ts'

export interface EncodeOptions {
  /** Default: the format's; `nearest-even`, but `up` for E8M0, so that a scale never makes its block clip. */
  readonly rounding?: Rounding | undefined
  /**
   * What rounds beyond the largest value. Default: the format's; `saturate` for FP8, FP6, FP4 of OCP and FNUZ, and for MX
   * INT8; `format` for the others.
   */
  readonly overflow?: Overflow | undefined
  /** +-Infinity in the input. Default: as `overflow`. */
  readonly infinity?: Overflow | undefined
  /** Random numbers of `[0, 1)`, for `stochastic` only. Default: `Math.random`. */
  readonly random?: (() => number) | undefined
  /** How many random bits `stochastic` uses, 1 .. 32. Default: 32. */
  readonly randomBits?: number | undefined
}

/**
 * The code of `value` in `format`, rounded once.
 *
 * - NaN becomes the positive quiet NaN of the format (JavaScript does not show the sign of a NaN).
 * - `saturate`: what rounds beyond the largest value, and +-Infinity, become the largest value of their sign (of INT8
 *   127/64 and -2). `format`: they become +-Infinity, in a format without infinities NaN, in a format without both
 *   (FP6, FP4, INT8) the largest value.
 * - A directed rounding towards zero, and `to-odd`, never overflow from a finite value (IEEE 754, section 7.4).
 * - -0 keeps its sign where the format has two zeros; what rounds to zero keeps the sign of the value.
 * - Unsigned formats make NaN of negative values, and 0 of -0.
 * - E8M0 has neither sign nor zero: 0, -0 and all of (0, 2^-127) become 2^-127 (code 0) in every rounding mode.
 *
 * @throws {UnrepresentableError} NaN into a format without NaN; {@link ArgumentError} for what is not a number and for
 *   an unknown option; {@link UnknownFormatError}.
 */
export function encode(value: number, format: FormatLike, options?: EncodeOptions): number {
  if (typeof value !== 'number') throw unfit('value', 'a number', value)
  const info = formatInfo(format)
  if (options !== undefined) return encoder(info, options)(value)
  return defaultEncoder(info)(value)
}

/** {@link encoder} without options. */
export const defaultEncoder: (info: NumberFormat) => (value: number) => number = perFormat((info) =>
  encoder(info),
)

/**
 * `encode` with format and options resolved and checked once. The function takes `undefined`, as a hole in an array,
 * for NaN.
 */
export function encoder(info: NumberFormat, given: EncodeOptions = {}): (value: number) => number {
  const options = readOptions(given)
  const { rounding, overflow, infinity } = rulesOf(info, options)
  const roundsAway = roundingRule(info, rounding, options)
  const ladder = ladderOf(info)
  const { magnitudes, codes, negativeCodes } = ladder
  const { nanCode } = info
  const unsigned = info.negatives === 'none'
  const narrows = rounding === 'hybrid'
  // Where no code is even a tie goes up, as from an odd one; `to-odd` still goes by the code.
  const alwaysOdd = rounding !== 'to-odd' && !info.evenCodes
  const beyond = (negative: boolean, rule: Overflow): number => {
    const largest = negative ? negativeCodes[negativeCodes.length - 1]! : info.maxCode
    const own = info.infinityCode ?? nanCode
    if (rule === 'saturate' || own === undefined) return largest
    return negative ? (2 ** (info.bits - 1)) | own : own
  }
  const finiteOverflow = (negative: boolean) =>
    beyond(negative, keepsFinite(rounding, negative) ? 'saturate' : overflow)
  const [infinite, negativeInfinite] = [beyond(false, infinity), beyond(true, infinity)]
  const [overflowed, negativeOverflowed] = [finiteOverflow(false), finiteOverflow(true)]

  return (value) => {
    const absolute = Math.abs(value)
    // Not Number.isNaN, which says no to `undefined`, the hole of an array.
    if (!(absolute >= 0) || (unsigned && value < 0)) {
      if (nanCode === undefined) throw new UnrepresentableError({ format: info.name, value })
      return nanCode
    }
    const negative = value < 0 || (value === 0 && 1 / value < 0)
    if (absolute === Infinity) return negative ? negativeInfinite : infinite

    const x = narrows ? Math.fround(absolute) : absolute
    const signed = negative ? negativeCodes : codes
    let rank = rankAtMost(ladder, x)
    if (rank < 0) return signed[0]!
    const lower = magnitudes[rank]!
    if (rank < signed.length && lower !== x) {
      if (roundsAway(x, lower, magnitudes[rank + 1]!, alwaysOdd || (rank & 1) === 1, negative)) rank++
    }
    if (rank < signed.length) return signed[rank]!
    return negative ? negativeOverflowed : overflowed
  }
}

/**
 * Options read once, so that what an object with getters says later changes nothing: tables are kept by what was said.
 *
 * @throws {ArgumentError} unless they are an object.
 */
export function readOptions(options: EncodeOptions): EncodeOptions {
  if (typeof options !== 'object' || options === null) throw unfit('options', 'an object', options)
  const { rounding, overflow, infinity, random, randomBits } = options
  return { rounding, overflow, infinity, random, randomBits }
}

/**
 * The options that decide about a value, with the format's own for those not given.
 *
 * @throws {ArgumentError} for an unknown one.
 */
export function rulesOf(
  info: NumberFormat,
  options: EncodeOptions,
): { rounding: Rounding; overflow: Overflow; infinity: Overflow } {
  const rounding = checked('rounding', options.rounding ?? info.defaults.rounding, roundings)
  const overflow = checked('overflow', options.overflow ?? info.defaults.overflow, overflows)
  const infinity = checked('infinity', options.infinity ?? overflow, overflows)
  return { rounding, overflow, infinity }
}

function roundingRule(info: NumberFormat, rounding: Rounding, options: EncodeOptions): RoundsAway {
  if (rounding === 'nearest') return plainRules[info.layout === 'tapered' ? 'nearest-away' : 'nearest-even']
  if (rounding === 'stochastic') {
    const { random = Math.random, randomBits = 32 } = options
    if (!Number.isInteger(randomBits) || randomBits < 1 || randomBits > 32) {
      throw unfit('randomBits', 'an integer of 1 .. 32', randomBits)
    }
    if (typeof random !== 'function') {
      throw unfit('random', 'a function', random)
    }
    return stochasticRule(random, randomBits)
  }
  if (rounding !== 'hybrid') return plainRules[rounding]
  if (info.layout === 'tapered') return roundsAwayHybrid
  throw unfit('rounding', `another rule for ${info.name}: only HiF8 rounds so`, rounding)
}

function checked<Name extends string>(argument: string, got: Name, allowed: readonly Name[]): Name {
  if (allowed.includes(got)) return got
  throw unfit(argument, allowed.join(', '), got)
}

function unfit(argument: string, expected: string, got: unknown): ArgumentError {
  return new ArgumentError({ op: 'encode', argument, expected, got: kindOf(got) })
}
