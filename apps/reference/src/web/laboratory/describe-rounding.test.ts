import { type EncodeOptions, encode, formats, p3109, values } from '@octoscale/fp8-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeRounding } from './describe-rounding.ts'
import { dyadicDecimal } from './exact-decimal.ts'
import { parseNumber } from './parse-number.ts'
import { optionsFor } from './rounding-words.ts'
import { choices } from './url-state.ts'

const table = [
  ...Object.values(formats),
  p3109({ bits: 8, precision: 4 }),
  p3109({ bits: 8, precision: 1, extended: false }),
  p3109({ bits: 6, precision: 6, signed: false, extended: false }),
]
const everyOption = choices.rounding.flatMap((rounding) =>
  choices.overflow.map((overflow) => ({ rounding, overflow })),
)

test('0.3 in E4M3', () => {
  const { rounded, outcome, error, below, above } = describeRounding({ value: 0.3 }, formats.e4m3, {})
  expect(rounded?.code).toBe(encode(0.3, 'e4m3'))
  expect([rounded?.hex, rounded?.value, outcome]).toEqual(['0x2a', 0.3125, 'rounded-up'])
  expect(error?.relative).toBeCloseTo(1 / 24, 12)
  expect(error?.ulps).toBeCloseTo(0.4, 12)
  expect(dyadicDecimal(error!.absolute)).toMatch(/^0\.0125/)
  expect([below, above]).toEqual([
    { value: 0.28125, code: 0x29 },
    { value: 0.34375, code: 0x2b },
  ])
})

test.each(table)('$name: every number of the format is exact, between its neighbours', (format) => {
  const all = values(format)
  const ends = [Math.min(...all.filter(Number.isFinite)), format.max]
  const step = format.bits > 8 ? 41 : 1
  for (let code = 0; code < all.length; code += step) {
    const value = all[code]!
    if (!Number.isFinite(value)) continue
    const { rounded, outcome, error, below, above } = describeRounding({ value }, format, {})
    expect([rounded?.code, outcome, error?.absolute.significand]).toEqual([code, 'exact', 0n])
    if (below !== undefined) expect(below.value).toBeLessThan(value)
    if (above !== undefined) expect(above.value).toBeGreaterThan(value)
    const hasInfinityBeyond = format.infinities && (format.signBits === 1 || value === format.max)
    expect(below === undefined || above === undefined).toBe(ends.includes(value) && !hasInfinityBeyond)
  }
})

test.each(table)(
  '$name: any number, any option: the code is the one of encode, the outcome tells the truth',
  (format) => {
    const lowest = Math.min(...values(format).filter(Number.isFinite))
    const number = fc.oneof(
      fc.double(),
      fc.double({ min: -2 * format.max, max: 2 * format.max, noNaN: true }),
    )
    fc.assert(
      fc.property(number, fc.constantFrom(...everyOption), (value, asked) => {
        const options: EncodeOptions = optionsFor(format, asked)
        const { rounded, outcome, error } = describeRounding({ value }, format, options)
        if (outcome === 'no-nan') {
          expect([value, format.nans]).toEqual([NaN, 'none'])
          return
        }
        const kept = rounded?.value ?? NaN
        expect(rounded?.code).toBe(encode(value, format, options))
        expect(outcome === 'exact' || outcome === 'one-zero').toBe(value === kept)
        if (outcome === 'one-zero') expect([value, kept, format.zero]).toEqual([-0, 0, 'unsigned'])
        expect(outcome === 'nan').toBe(Number.isNaN(value))
        if (outcome === 'rounded-up') expect(kept).toBeGreaterThan(value)
        if (outcome === 'rounded-down') expect(kept).toBeLessThan(value)
        if (outcome === 'saturated') expect([lowest, format.max]).toContain(kept)
        if (outcome === 'underflow') expect(kept === 0).toBe(true)
        if (outcome === 'no-sign') expect([value < 0, format.signBits]).toEqual([true, 0])
        if (outcome === 'overflow-infinity' || outcome === 'overflow-nan') expect(kept).not.toBe(value)
        const nearest = /^nearest/.test(options.rounding ?? format.defaults.rounding)
        const ordinary = outcome === 'rounded-up' || outcome === 'rounded-down' || outcome === 'underflow'
        if (nearest && ordinary) expect(error!.ulps).toBeLessThanOrEqual(0.5)
      }),
    )
  },
)

test.each([
  ['449', 'e4m3', {}, 'rounded-down'],
  ['464', 'e4m3', {}, 'rounded-down'],
  ['465', 'e4m3', {}, 'saturated'],
  ['-465', 'e4m3', {}, 'saturated'],
  ['-449', 'e4m3', { rounding: 'down' }, 'saturated'],
  ['-449', 'e4m3', { rounding: 'up' }, 'rounded-up'],
  ['465', 'e4m3', { overflow: 'format' }, 'overflow-nan'],
  ['1e9', 'e5m2', { overflow: 'format' }, 'overflow-infinity'],
  ['inf', 'e5m2', { overflow: 'format' }, 'exact'],
  ['inf', 'e5m2', {}, 'saturated'],
  ['6.5', 'e2m1', {}, 'rounded-down'],
  ['7.5', 'e2m1', { overflow: 'format' }, 'saturated'],
  ['nan', 'e2m1', {}, 'no-nan'],
  ['nan', 'e4m3', {}, 'nan'],
  ['1e-30', 'f16', {}, 'underflow'],
  ['1e-30', 'f16', { rounding: 'up' }, 'rounded-up'],
  ['0', 'e8m0', {}, 'no-zero'],
  ['1e-50', 'e8m0', { rounding: 'down' }, 'no-zero'],
  ['-1', 'e8m0', {}, 'no-sign'],
  ['-inf', 'e8m0', {}, 'no-sign'],
  ['1e39', 'e8m0', {}, 'overflow-nan'],
  ['1e39', 'e8m0', { overflow: 'saturate' }, 'saturated'],
  ['-0', 'e4m3', {}, 'exact'],
  ['-0', 'e4m3fnuz', {}, 'one-zero'],
  ['-0', 'hif8', {}, 'one-zero'],
  ['-0', 'mxint8', {}, 'one-zero'],
  ['-0', 'e8m0', {}, 'no-zero'],
  ['nan', 'mxint8', {}, 'no-nan'],
  ['nan', 'e5m2fnuz', {}, 'nan'],
  ['inf', 'e4m3fnuz', { overflow: 'format' }, 'overflow-nan'],
  ['465', 'e4m3', { rounding: 'toward-zero' }, 'rounded-down'],
  ['480', 'e4m3', { rounding: 'toward-zero', overflow: 'format' }, 'saturated'],
  ['-480', 'e4m3', { rounding: 'to-odd' }, 'saturated'],
  ['464', 'e4m3', { rounding: 'nearest-away' }, 'saturated'],
  ['40959', 'hif8', {}, 'rounded-down'],
  ['40960', 'hif8', {}, 'overflow-infinity'],
  ['40960', 'hif8', { overflow: 'saturate' }, 'saturated'],
  ['33000', 'hif8', { rounding: 'hybrid', overflow: 'saturate' }, 'rounded-down'],
  ['1e-9', 'hif8', {}, 'underflow'],
  ['1.99', 'mxint8', {}, 'rounded-down'],
  ['2', 'mxint8', {}, 'saturated'],
  ['2', 'mxint8', { overflow: 'format' }, 'saturated'],
  ['-2', 'mxint8', {}, 'exact'],
  ['-2.005', 'mxint8', {}, 'rounded-up'],
  ['-2.01', 'mxint8', {}, 'saturated'],
  ['-2.01', 'mxint8', { rounding: 'up' }, 'rounded-up'],
  ['247', 'e4m3fnuz', {}, 'rounded-down'],
  ['249', 'e4m3fnuz', {}, 'saturated'],
  ['249', 'e4m3ieee', { overflow: 'format' }, 'overflow-infinity'],
] as const)('%s in %s with %o is %s', (text, name, options, outcome) => {
  expect(describeRounding(parseNumber(text), formats[name], options).outcome).toBe(outcome)
})

test('a number from a code keeps the code in its format, and is encoded in the others', () => {
  const parsed = parseNumber('e5m2:0x7d')
  expect(describeRounding(parsed, formats.e5m2, {}).rounded?.code).toBe(0x7d)
  expect(describeRounding(parsed, formats.e4m3, {}).rounded?.code).toBe(formats.e4m3.nanCode)
  expect(describeRounding(parsed, formats.e3m2, {})).toMatchObject({ rounded: undefined, outcome: 'no-nan' })
})
