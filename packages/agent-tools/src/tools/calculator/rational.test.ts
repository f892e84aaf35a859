import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  add,
  bitLength,
  divide,
  floor,
  fromNumber,
  multiply,
  parseDecimal,
  rational,
  remainder,
  round,
  toNumber,
  truncate,
} from './rational.ts'

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
const integer = fc.bigInt(-(2n ** 200n), 2n ** 200n)
const positive = fc.bigInt(1n, 2n ** 200n)
const fraction = fc
  .tuple(integer, positive)
  .map(([numerator, denominator]) => rational(numerator, denominator))

test('every float64 is a fraction, and comes back', () => {
  fc.assert(fc.property(finite, (value) => toNumber(fromNumber(value)) === value))
})

test('a decimal is rounded to the same float64 as JavaScript rounds it', () => {
  const decimal = fc
    .tuple(fc.bigInt(0n, 10n ** 40n), fc.bigInt(0n, 10n ** 25n), fc.integer({ min: -340, max: 300 }))
    .map(([whole, decimals, exponent]) => `${whole}.${decimals}e${exponent}`)
  fc.assert(fc.property(decimal, (text) => Object.is(toNumber(parseDecimal(text)), Number(text))))
})

test('halfway cases and the smallest numbers are rounded to even', () => {
  expect(toNumber(rational(2n ** 53n + 1n))).toBe(2 ** 53)
  expect(toNumber(rational(2n ** 53n + 3n))).toBe(2 ** 53 + 4)
  expect(toNumber(rational(1n, 2n ** 1074n))).toBe(2 ** -1074)
  expect(toNumber(rational(1n, 2n ** 1075n))).toBe(0)
  expect(toNumber(rational(3n, 2n ** 1075n))).toBe(2 ** -1073)
  expect(toNumber(rational(2n ** 1024n))).toBe(Number.POSITIVE_INFINITY)
})

test('fractions are in lowest terms with a positive denominator', () => {
  expect(rational(6n, -4n)).toEqual({ numerator: -3n, denominator: 2n })
  expect(rational(0n, 7n)).toEqual({ numerator: 0n, denominator: 1n })
})

test('the operations undo each other', () => {
  fc.assert(
    fc.property(fraction, fraction, (a, b) => {
      const minus = { numerator: -b.numerator, denominator: b.denominator }
      expect(add(add(a, b), minus)).toEqual(a)
      if (b.numerator !== 0n) expect(multiply(divide(a, b), b)).toEqual(a)
    }),
  )
})

test('the remainder is smaller than the divisor, with the sign of the dividend', () => {
  fc.assert(
    fc.property(fraction, fraction, (a, b) => {
      fc.pre(b.numerator !== 0n)
      const rest = remainder(a, b)
      expect(truncate(divide(rest, b))).toBe(0n)
      if (rest.numerator !== 0n) expect(rest.numerator > 0n).toBe(a.numerator > 0n)
    }),
  )
})

test('rounding agrees with Math where Math is exact, but for halves of negative numbers', () => {
  const small = fc.integer({ min: -4000, max: 4000 }).map((value) => value / 8)
  fc.assert(
    fc.property(small, (value) => {
      const exact = fromNumber(value)
      expect(Number(floor(exact))).toBe(Math.floor(value) + 0)
      expect(Number(truncate(exact))).toBe(Math.trunc(value) + 0)
      expect(Number(round(exact))).toBe(Math.sign(value) * Math.round(Math.abs(value)) + 0)
    }),
  )
})

test('the bit length is that of the binary text', () => {
  fc.assert(
    fc.property(positive, (value) => {
      expect(bitLength(value)).toBe(value.toString(2).length)
      expect(bitLength(-value)).toBe(value.toString(2).length)
    }),
  )
  expect(bitLength(0n)).toBe(0)
})
