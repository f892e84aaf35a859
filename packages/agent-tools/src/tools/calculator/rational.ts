/**
 * Exact arithmetic: a fraction of two integers of any size, in lowest terms. With it 0.1 + 0.2 is 0.3 and
 * 2^64 + 1 has all its digits, which floating point gives a person neither of.
 */
export interface Rational {
  readonly numerator: bigint
  /** Above zero. */
  readonly denominator: bigint
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value)

/** Number of binary digits of the absolute value. */
export function bitLength(value: bigint): number {
  const hexadecimal = magnitude(value).toString(16)
  return (hexadecimal.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hexadecimal[0] as string, 16)))
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [magnitude(a), magnitude(b)]
  while (y > 0n) [x, y] = [y, x % y]
  return x
}

/** `numerator / denominator` in lowest terms. The denominator must not be zero. */
export function rational(numerator: bigint, denominator = 1n): Rational {
  if (denominator === 1n) return { numerator, denominator }
  const divisor = greatestCommonDivisor(numerator, denominator) * (denominator < 0n ? -1n : 1n)
  return { numerator: numerator / divisor, denominator: denominator / divisor }
}

/** `12`, `.5`, `1.25e-3`: exactly what is written. The exponent must be small: the result has as many digits. */
export function parseDecimal(text: string): Rational {
  const [digits = '', exponent = '0'] = text.toLowerCase().split('e')
  const [whole = '', fraction = ''] = digits.split('.')
  const scale = Number(exponent) - fraction.length
  const value = BigInt(`${whole}${fraction}` || '0')
  return scale >= 0 ? rational(value * 10n ** BigInt(scale)) : rational(value, 10n ** BigInt(-scale))
}

export function add(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator)
}

export function negate(a: Rational): Rational {
  return { numerator: -a.numerator, denominator: a.denominator }
}

export function multiply(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.numerator, a.denominator * b.denominator)
}

/** `b` must not be zero. */
export function divide(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.denominator, a.denominator * b.numerator)
}

/** `a - b * trunc(a / b)`: the sign of `a`, as JavaScript's `%`. `b` must not be zero. */
export function remainder(a: Rational, b: Rational): Rational {
  const quotient = truncate(divide(a, b))
  return add(a, negate(multiply(b, rational(quotient))))
}

/** `a` to an integer power. Zero must not have a negative one. */
export function power(a: Rational, exponent: bigint): Rational {
  if (exponent < 0n) return power(rational(a.denominator, a.numerator), -exponent)
  return { numerator: a.numerator ** exponent, denominator: a.denominator ** exponent }
}

/** Towards zero. */
export function truncate(a: Rational): bigint {
  return a.numerator / a.denominator
}

/** Towards minus infinity. */
export function floor(a: Rational): bigint {
  const quotient = truncate(a)
  return a.numerator < 0n && quotient * a.denominator !== a.numerator ? quotient - 1n : quotient
}

/** To the nearest; a half goes away from zero, as people round. */
export function round(a: Rational): bigint {
  const doubled = { numerator: 2n * magnitude(a.numerator) + a.denominator, denominator: 2n * a.denominator }
  return a.numerator < 0n ? -truncate(doubled) : truncate(doubled)
}

/** The nearest float64. */
export function toNumber({ numerator, denominator }: Rational): number {
  // A quotient of at least 65 binary digits, whose last digit says whether anything follows: Number() then rounds
  // as if it saw all digits. The power of two is applied in halves, since it alone may not be representable.
  const shift = 65 - bitLength(numerator) + bitLength(denominator)
  const scaled = shift >= 0 ? numerator << BigInt(shift) : numerator
  const divisor = shift >= 0 ? denominator : denominator << BigInt(-shift)
  const quotient = scaled / divisor
  const sticky = quotient * divisor === scaled ? 0n : numerator < 0n ? -1n : 1n
  const half = Math.trunc(shift / 2)
  return Number(2n * quotient + sticky) * 2 ** -(half + 1) * 2 ** -(shift - half)
}

/** A float64 is a fraction too. Must be finite. */
export function fromNumber(value: number): Rational {
  let [scaled, denominator] = [value, 1n]
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    denominator *= 2n
  }
  return rational(BigInt(scaled), denominator)
}
