import { formats, values } from '@octoscale/fp8-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inputText, labelText, percentText, signed, superscript } from './number-text.ts'
import { parseNumber } from './parse-number.ts'

test('the input text reads back as the number', () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      expect(parseNumber(inputText(value)).value).toBe(value)
    }),
  )
})

test.each([
  [0.3125, '0.3125'],
  [-448, '−448'],
  [2 ** -127, '2⁻¹²⁷'],
  [-(2 ** 127), '−2¹²⁷'],
  [0.300048828125, '≈0.300049'],
  [formats.bf16.max, '≈3.38953×10³⁸'],
  [-Infinity, '−∞'],
  [NaN, 'nan'],
])('%s has the label %s', (value, label) => expect(labelText(value)).toBe(label))

test('labels of different numbers of an 8-bit format differ, and are short', () => {
  const numbers = [...new Set(values('e5m2'))]
  expect(new Set(numbers.map(labelText)).size).toBe(numbers.length)
  expect(Math.max(...numbers.map((value) => labelText(value).length))).toBeLessThanOrEqual(17)
})

test.each([
  [0.041666, '4.17 %'],
  [-1, '−100 %'],
  [0, '0 %'],
  [1e30, '1.00e+32 %'],
  [1e-9, '1.00e−7 %'],
])('%s is %s', (ratio, text) => expect(percentText(ratio)).toBe(text))

test('signs and superscripts', () => {
  expect(['0.5', '−0.5', '-0.5', '0'].map(signed)).toEqual(['+0.5', '−0.5', '-0.5', '0'])
  expect(superscript(-127)).toBe('⁻¹²⁷')
})
