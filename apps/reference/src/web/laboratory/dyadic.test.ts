import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Dyadic, subtract, toDyadic } from './dyadic.ts'
import { NotFiniteError } from './errors.ts'

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })

/** Exact: the significand has at most 53 bits, and the halves keep the power of two in the range of float64. */
function toNumber({ significand, exponent }: Dyadic): number {
  const half = Math.trunc(exponent / 2)
  return Number(significand) * 2 ** half * 2 ** (exponent - half)
}

test('every finite float64 is its dyadic, with an odd significand', () => {
  fc.assert(
    fc.property(finite, (value) => {
      const dyadic = toDyadic(value)
      expect(toNumber(dyadic)).toBe(value + 0)
      expect(value === 0 ? dyadic.exponent : dyadic.significand & 1n).toEqual(value === 0 ? 0 : 1n)
    }),
  )
})

test.each([5e-324, -5e-324, 2 ** -1022, 1.7976931348623157e308, 1, 0.1])('%s', (value) => {
  expect(toNumber(toDyadic(value))).toBe(value)
})

test('differences are exact: over the integers of a common unit, and where float64 is exact, too', () => {
  const unit = 1074
  const whole = (value: number): bigint => {
    const { significand, exponent } = toDyadic(value)
    return significand << BigInt(exponent + unit)
  }
  fc.assert(
    fc.property(finite, finite, (a, b) => {
      const { significand, exponent } = subtract(toDyadic(a), toDyadic(b))
      expect(significand << BigInt(exponent + unit)).toBe(whole(a) - whole(b))
    }),
  )
  // Sterbenz: float64 subtraction of numbers within a factor of two rounds nothing.
  fc.assert(
    fc.property(
      fc.double({ min: 1e-300, max: 1e300, noNaN: true }),
      fc.double({ min: 0.5, max: 2 }),
      (a, q) => {
        const b = a * q
        fc.pre(b >= a / 2 && b <= a * 2)
        expect(toNumber(subtract(toDyadic(a), toDyadic(b)))).toBe(a - b)
      },
    ),
  )
})

test.each([NaN, Infinity, -Infinity])('%s is no dyadic', (value) => {
  expect(() => toDyadic(value)).toThrow(NotFiniteError)
})
