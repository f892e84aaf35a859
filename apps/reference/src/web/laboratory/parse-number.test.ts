import { formats } from '@octoscale/fp8-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NumberTextError } from './errors.ts'
import { exactDecimal } from './exact-decimal.ts'
import { longestText, parseNumber } from './parse-number.ts'

test.each([
  ['0.3', 0.3],
  [' -1.5E-8 ', -1.5e-8],
  ['.5', 0.5],
  ['5.', 5],
  ['+7', 7],
  ['−0.25', -0.25],
  ['1/3', 1 / 3],
  ['-10 / 4', -2.5],
  ['2^-9', 2 ** -9],
  ['-2^+10', -1024],
  ['2^-1074', 5e-324],
  ['0x1.8p-3', 0.1875],
  ['-0xFFp4', -4080],
  ['0x0p0', 0],
  ['inf', Infinity],
  ['-Infinity', -Infinity],
  ['∞', Infinity],
  ['NaN', NaN],
  ['-0', -0],
  ['0e-400', 0],
])('%s', (text, value) => expect(parseNumber(text)).toEqual({ value }))

test.each([
  ['e4m3:0x2a', 'e4m3', 0x2a, 0.3125],
  ['F8_E4M3:0x2A', 'e4m3', 0x2a, 0.3125],
  ['torch.float8_e5m2 : 0x7c', 'e5m2', 0x7c, Infinity],
  ['e4m3:0xff', 'e4m3', 0xff, NaN],
] as const)('%s is a code', (text, name, code, value) => {
  expect(parseNumber(text)).toEqual({ value, origin: { format: formats[name], code } })
})

test.each([
  ['', /write for example/],
  ['abc', /write for example/],
  ['1e', /write for example/],
  ['--1', /write for example/],
  ['+-1', /write for example/],
  ['0,3', /as a point/],
  ['1/0', /divide by 0/],
  ['9007199254740993/3', /below 2\^53/],
  ['1e400', /largest float64/],
  ['1e-400', /smallest float64/],
  ['2^1024', /53 significant bits/],
  ['2^-1075', /53 significant bits/],
  ['2^9999', /53 significant bits/],
  [`0x${'f'.repeat(1000)}p-9999`, /53 significant bits/],
  ['0x1.00000000000001p0', /53 significant bits/],
  ['0x2a', /e4m3:0x2a/],
  ['e9m9:0x2a', /did you mean/],
  ['e2m1:0x2a', /0 .. 15/],
  ['e4m3:42', /hexadecimal/],
  [`${'1'.repeat(longestText)}1`, /at most/],
  ['<img src=x>', /write for example/],
])('%s is refused with what to do', (text, reason) => {
  expect(() => parseNumber(text)).toThrow(NumberTextError)
  expect(() => parseNumber(text)).toThrow(reason)
})

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })

test('exact decimals and hexadecimal floats are read as their float64', () => {
  fc.assert(
    fc.property(finite, (value) => {
      expect(parseNumber(exactDecimal(value)).value).toBe(value)
    }),
  )
  fc.assert(
    fc.property(fc.bigInt(1n, 2n ** 53n), fc.integer({ min: -1074, max: 970 }), (significand, exponent) => {
      const text = `0x${significand.toString(16)}p${exponent}`
      const expected =
        Number(significand) * 2 ** Math.trunc(exponent / 2) * 2 ** (exponent - Math.trunc(exponent / 2))
      expect(parseNumber(text).value).toBe(expected)
    }),
  )
})

test('any text gives a number or a NumberTextError', () => {
  const texts = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789abcdefxpin+-./^: e') }))
  fc.assert(
    fc.property(texts, (text) => {
      try {
        expect(typeof parseNumber(text).value).toBe('number')
      } catch (error) {
        expect(error).toBeInstanceOf(NumberTextError)
      }
    }),
    { numRuns: 2000 },
  )
})
