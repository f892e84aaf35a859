import { ExpressionError } from './expression-error.ts'
import { bitLength, type Rational, toNumber } from './rational.ts'

/** Exact as long as it can be: roots, logarithms and the like give a float64, and so does what grows too long. */
export type Value = Rational | number

/** About 616 decimal digits. More is a float64, or too large. */
export const maxBits = 2048

export function isExact(value: Value): value is Rational {
  return typeof value !== 'number'
}

export function asNumber(value: Value): number {
  return isExact(value) ? toNumber(value) : value
}

/** The value, as a float64 if it is too long to be kept exactly; throws if it is too large for that. */
export function bounded(value: Value): Value {
  if (!isExact(value)) return finite(value)
  const bits = Math.max(bitLength(value.numerator), bitLength(value.denominator))
  return bits <= maxBits ? value : finite(toNumber(value))
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value
  if (Number.isNaN(value)) throw new ExpressionError({ message: 'the result is not a real number' })
  throw new ExpressionError({ message: 'the result is too large: above 1.8e308' })
}

/**
 * As a person writes it: integers and short decimals exactly, anything else with 15 significant digits (of the 15.9
 * that a float64 has, so that what floating point adds at the end does not show).
 */
export function formatValue(value: Value): string {
  if (!isExact(value)) return shortest(value)
  if (value.denominator === 1n) return String(value.numerator)
  return terminatingDecimal(value) ?? shortest(toNumber(value))
}

const shortest = (value: number): string => String(Number(value.toPrecision(15)))

/** Exact if at most 20 decimals do it. */
function terminatingDecimal({ numerator, denominator }: Rational): string | undefined {
  const decimals = 20
  const scaled = numerator * 10n ** BigInt(decimals)
  if (scaled % denominator !== 0n) return undefined
  const digits = String(scaled / denominator)
  const sign = digits.startsWith('-') ? '-' : ''
  const padded = digits.slice(sign.length).padStart(decimals + 1, '0')
  return `${sign}${padded.slice(0, -decimals)}.${padded.slice(-decimals).replace(/0+$/, '')}`
}
