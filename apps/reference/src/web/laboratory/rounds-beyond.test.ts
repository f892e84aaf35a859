/**
 * Mutations seen red: a tie to the greater number always, ties without `evenCodes`, no longer negative side of two's
 * complement, `up` for both signs, `to-odd` the other way round, ties of HiF8 to even.
 */
import { decode, encode, formats, p3109, type Rounding } from '@octoscale/fp8-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeCode } from './describe-code.ts'
import { roundsBeyond } from './rounds-beyond.ts'

const table = [
  ...Object.values(formats),
  p3109({ bits: 8, precision: 4 }),
  p3109({ bits: 8, precision: 3, extended: false }),
  p3109({ bits: 6, precision: 5, signed: false }),
]
const nearest = ['nearest', 'nearest-even', 'nearest-away'] as const satisfies readonly Rounding[]

test.each(table.filter(({ infinities, nans }) => infinities || nans !== 'none'))(
  '$name: to nearest, it is where overflow shows in fp8-core',
  (format) => {
    const { ulp = 0 } = describeCode(format.maxCode, format)
    const magnitude = fc.oneof(
      fc.double({ min: format.max, max: format.max + 2 * ulp, noNaN: true }),
      fc.constantFrom(format.max, format.max + ulp / 2, format.max + ulp),
    )
    fc.assert(
      fc.property(magnitude, fc.boolean(), fc.constantFrom(...nearest), (x, minus, rounding) => {
        const number = minus && format.signBits === 1 ? -x : x
        const shown = decode(encode(number, format, { rounding, overflow: 'format' }), format)
        expect(roundsBeyond(number, format, rounding)).toBe(!Number.isFinite(shown))
      }),
    )
  },
)

test.each([
  ['e2m1', 7, 'nearest-even', true],
  ['e2m1', 6.999, 'nearest-even', false],
  ['e3m2', -30, 'nearest-even', true],
  ['mxint8', 1.9921875, 'nearest-even', true],
  ['mxint8', -2.0078125, 'nearest-even', false],
  ['mxint8', -2.0078125, 'nearest-away', true],
  ['e4m3', 480, 'toward-zero', true],
  ['e4m3', 479.9, 'toward-zero', false],
  ['e4m3', 448.1, 'up', true],
  ['e4m3', -448.1, 'up', false],
  ['e4m3', -448.1, 'down', true],
  ['e4m3', 448.1, 'to-odd', true],
  ['e5m2', 57345, 'to-odd', false],
  ['hif8', 50000, 'hybrid', true],
  ['hif8', -Infinity, 'hybrid', true],
] as const)('%s, %s, %s: %s', (name, number, rounding, beyond) => {
  expect(roundsBeyond(number, formats[name], rounding)).toBe(beyond)
})
