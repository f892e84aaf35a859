/**
 * What holds for all formats at the ends of float64, at zero and for wrong arguments. Roundings: encode-boundaries.test.ts.
 *
 * Mutations seen red: float64 subnormals taken as large; the sign of zero dropped; `undefined` as 0; NaN as 0;
 * an unknown option ignored; double rounding through float32 and through float16.
 */
import { describe, expect, it } from 'vitest'
import { ArgumentError, UnknownFormatError, UnrepresentableError } from '../errors.ts'
import { formats } from '../formats/formats.ts'
import { p3109 } from '../formats/p3109.ts'
import { values } from './decode.ts'
import { type EncodeOptions, encode, encoder } from './encode.ts'
import { ladderOf } from './ladder.ts'
import type { Overflow, Rounding } from './rounding.ts'

const rows = [
  ...Object.values(formats),
  ...(['p3109_k8p4se', 'p3109_k8p1uf', 'p3109_k3p3ue', 'p3109_k15p15uf', 'p3109_k15p7sf'] as const).map(
    (name) => {
      const [, bits, precision, sign, domain] = /k(\d+)p(\d+)(.)(.)/.exec(name)!
      return p3109({
        bits: Number(bits),
        precision: Number(precision),
        signed: sign === 's',
        extended: domain === 'e',
      })
    },
  ),
]
const plain = [
  'nearest',
  'nearest-even',
  'nearest-away',
  'toward-zero',
  'up',
  'down',
  'to-odd',
  'stochastic',
] as const

describe.each(rows)('$name', (row) => {
  it('encodes the value of every code back to it, by every rule', () => {
    const decoded = values(row)
    for (const rounding of [...plain, ...(row.layout === 'tapered' ? (['hybrid'] as const) : [])]) {
      const encodeOne = encoder(row, { rounding, overflow: 'format' })
      const wrong: number[] = []
      for (const [code, value] of decoded.entries())
        if (!Number.isNaN(value) && encodeOne(value) !== code) wrong.push(code)
      expect({ rounding, wrong }).toEqual({ rounding, wrong: [] })
    }
  })

  it('takes the extremes of float64', () => {
    const options = { rounding: 'nearest', overflow: 'format' } as const
    const overflowed = row.infinityCode ?? row.nanCode ?? row.maxCode
    expect(encode(Number.MAX_VALUE, row, options)).toBe(overflowed)
    expect(encode(Infinity, row, options)).toBe(overflowed)
    expect(encode(Infinity, row, { overflow: 'saturate' })).toBe(row.maxCode)
    for (const rounding of ['down', 'toward-zero', 'to-odd'] as const) {
      expect(encode(Number.MAX_VALUE, row, { rounding, overflow: 'format' })).toBe(row.maxCode)
    }
    expect(encode(Number.MIN_VALUE, row, options)).toBe(0)
    expect(encode(Number.MIN_VALUE, row, { rounding: 'up' })).toBe(row.zero === 'none' ? 0 : 1)
  })

  it('encodes NaN as NaN, or refuses it where there is none', () => {
    if (row.nanCode !== undefined) expect(encode(NaN, row)).toBe(row.nanCode)
    else expect(() => encode(NaN, row)).toThrow(UnrepresentableError)
  })

  it('has ranks as even and odd as their codes, which nearest-even and to-odd rely on', () => {
    const { codes, negativeCodes, magnitudes } = ladderOf(row)
    expect([...codes].filter((code, rank) => code % 2 !== rank % 2)).toEqual([])
    if (row.zero !== 'none' && row.signBits === 1) {
      expect([...negativeCodes].filter((code, rank) => code % 2 !== rank % 2)).toEqual([])
    }
    expect([...magnitudes]).toEqual([...magnitudes].sort((a, b) => a - b))
  })
})

describe.each(rows.filter((row) => row.zero === 'signed'))('$name with its sign', (row) => {
  it('keeps the sign of zero, of what rounds to zero and of infinities', () => {
    const sign = 2 ** (row.bits - 1)
    expect(encode(-0, row)).toBe(sign)
    expect(encode(-Number.MIN_VALUE, row)).toBe(sign)
    expect(encode(-Number.MIN_VALUE, row, { rounding: 'up' })).toBe(sign)
    expect(encode(-Number.MIN_VALUE, row, { rounding: 'down' })).toBe(sign | 1)
    expect(encode(Number.MIN_VALUE, row, { rounding: 'up' })).toBe(1)
    expect(encode(-Infinity, row, { overflow: 'saturate' })).toBe(sign | row.maxCode)
  })
})

describe.each(rows.filter((row) => row.zero === 'unsigned'))('$name with one zero', (row) => {
  it('has it for -0 and for what rounds to zero from below', () => {
    expect([encode(0, row), encode(-0, row)]).toEqual([0, 0])
    if (row.signBits === 1) expect(encode(-Number.MIN_VALUE, row)).toBe(0)
    else expect(encode(-Number.MIN_VALUE, row)).toBe(row.nanCode)
  })
})

it('rounds once where another precision in between would round twice', () => {
  // Through float32 and through float16 these are ties, and go down to 1.
  expect(encode(1.0625 + 2 ** -40, 'e4m3')).toBe(0x39)
  expect(encode(1.0625 + 2 ** -13, 'e4m3')).toBe(0x39)
  expect(encode(1.0625, 'e4m3')).toBe(0x38)
  // The carry out of the mantissa: one library made 64 of it.
  expect(encode(126.24, 'e4m3')).toBe(encode(128, 'e4m3'))
  // The carry from the largest subnormal to the least normal: another made 7 of it.
  expect(encode(0.0155, 'e4m3')).toBe(0x08)
})

describe('wrong arguments', () => {
  it.each([undefined, null, '1', 1n, {}, [], Symbol('1')])('%o is no number', (value) => {
    expect(() => encode(value as unknown as number, 'e4m3')).toThrow(ArgumentError)
  })

  it('takes the hole of an array for NaN when a row of numbers is encoded', () => {
    const encodeOne = encoder(formats.e4m3)
    expect(encodeOne(undefined as unknown as number)).toBe(0x7f)
    expect(() => encoder(formats.e2m1)(undefined as unknown as number)).toThrow(UnrepresentableError)
  })

  it.each([
    [{ rounding: 'sideways' as Rounding }, /rounding must be nearest, .*, got 'sideways'/],
    [{ rounding: ['up'] as unknown as Rounding }, /got an array/],
    [{ rounding: {} as Rounding }, /got an object/],
    [{ overflow: 'wrap' as Overflow }, /overflow must be saturate, format, got 'wrap'/],
    [{ infinity: 'wrap' as Overflow }, /infinity must be saturate, format, got 'wrap'/],
  ] as [EncodeOptions, RegExp][])('refuses the options %o', (options, message) => {
    expect(() => encode(1, 'e4m3', options)).toThrow(ArgumentError)
    expect(() => encode(1, 'e4m3', options)).toThrow(message)
  })

  it('refuses formats that do not exist', () => {
    expect(() => encode(1, 'e4m4')).toThrow(UnknownFormatError)
    expect(() => encode(1, {} as never)).toThrow(ArgumentError)
  })
})
