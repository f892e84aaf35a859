import { formats, values } from '@octoscale/fp8-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { subtract, toDyadic } from './dyadic.ts'
import { countDigits, dyadicDecimal, exactDecimal, shortDecimal } from './exact-decimal.ts'

const doubles = fc.double({ noNaN: true })

/** The engine's own exact decimal: 100 significant digits are enough for every value of every format. */
function byEngine(value: number): string {
  const [digits = '', power = '0'] = value.toExponential(99).split('e')
  const [sign, shown] = digits.startsWith('-') ? ['-', digits.slice(1)] : ['', digits]
  const point = 1 + Number(power)
  const all = shown.replace('.', '')
  const padded = point <= 0 ? `${'0'.repeat(1 - point)}${all}` : all.padEnd(point, '0')
  const split = Math.max(point, 1)
  const fraction = padded.slice(split).replace(/0+$/, '')
  return `${sign}${padded.slice(0, split)}${fraction === '' ? '' : `.${fraction}`}`
}

test.each(Object.values(formats))('$name: every value has the digits that the engine gives', (format) => {
  for (const value of values(format)) {
    if (!Number.isFinite(value) || value === 0) continue
    if (exactDecimal(value) !== byEngine(value)) expect(exactDecimal(value)).toBe(byEngine(value))
  }
})

test('the exact decimal reads back as the number, and no digit is missing', () => {
  fc.assert(
    fc.property(doubles, (value) => {
      const decimal = exactDecimal(value)
      expect(Number(decimal)).toBe(value)
      if (!Number.isFinite(value)) return
      const fraction = decimal.split('.')[1] ?? ''
      const { significand, exponent } = toDyadic(value)
      const scaled = BigInt(decimal.replace('.', ''))
      // decimal = scaled / 10^n = significand * 2^exponent, both sides times 10^n * 2^1074
      const power = BigInt(exponent + 1074)
      expect(scaled << 1074n).toBe((significand << power) * 10n ** BigInt(fraction.length))
    }),
  )
})

test.each([
  [0.1, '0.1000000000000000055511151231257827021181583404541015625'],
  [2 ** -9, '0.001953125'],
  [1e23, '99999999999999991611392'],
  [-0, '-0'],
  [0, '0'],
  [NaN, 'NaN'],
  [-Infinity, '-Infinity'],
])('%s is exactly %s', (value, decimal) => expect(exactDecimal(value)).toBe(decimal))

test('a rounding error with all its digits', () => {
  expect(dyadicDecimal(subtract(toDyadic(0.3125), toDyadic(0.3)))).toBe(
    '0.012500000000000011102230246251565404236316680908203125',
  )
  expect(dyadicDecimal(subtract(toDyadic(-1), toDyadic(0.5)))).toBe('-1.5')
})

test.each([
  [0.3, '0.2999999999999999…'],
  [-0.3, '−0.2999999999999999…'],
  [448, '448'],
  [2 ** 127, '1.701411834604692…×10³⁸'],
  [-(2 ** -133), '−9.183549615799121…×10⁻⁴¹'],
  [2 ** -20, '0.00000095367431640625'],
  [2 ** -30, '9.313225746154785…×10⁻¹⁰'],
  [1234.1, '1234.099999999999…'],
  [1e22, '1×10²²'],
  [Infinity, '∞'],
  [-Infinity, '−∞'],
  [NaN, 'NaN'],
])('%s is short %s', (value, short) => expect(shortDecimal(exactDecimal(value))).toBe(short))

test('a short decimal shows digits of the number, cut and never rounded', () => {
  fc.assert(
    fc.property(doubles, (value) => {
      const decimal = exactDecimal(value)
      const short = shortDecimal(decimal)
      expect(short.length).toBeLessThanOrEqual(26)
      if (!Number.isFinite(value)) return
      const digits = (text: string): string => text.replace(/[^0-9]/g, '').replace(/^0+|0+$/g, '')
      const shown = digits(short.split('×')[0]!)
      expect(digits(decimal).startsWith(shown)).toBe(true)
      if (!short.includes('…')) expect(shown).toBe(digits(decimal))
    }),
  )
})

test('digits are counted from the first significant one', () => {
  expect(['0', '-0.0012', '448', '10.5'].map(countDigits)).toEqual([1, 2, 3, 3])
})
