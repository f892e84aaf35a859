/** Mutations seen red: the width of a dot field; exponent and mantissa swapped; the rest not taken off; empty fields kept. */
import { describe, expect, it } from 'vitest'
import { CodeError, UnknownFormatError } from '../errors.ts'
import { decode } from '../scalar/decode.ts'
import { type CodeField, codeFields } from './code-fields.ts'
import { formats } from './formats.ts'
import type { NumberFormat } from './number-format.ts'
import { p3109 } from './p3109.ts'

const rows = [
  ...Object.values(formats),
  p3109({ bits: 8, precision: 4 }),
  p3109({ bits: 8, precision: 1 }),
  p3109({ bits: 5, precision: 5, signed: false }),
]

const allCodes = (row: NumberFormat) => Array.from({ length: 2 ** row.bits }, (_, code) => code)
const fieldValue = (fields: readonly CodeField[], name: CodeField['name']) =>
  fields.find((field) => field.name === name)?.value ?? 0

describe.each(rows)('$name', (row) => {
  it('has fields that joined are the code, for every code', () => {
    const wrong = allCodes(row).filter((code) => {
      const joined = codeFields(code, row).map(({ bits }) => bits)
      return joined.join('') !== code.toString(2).padStart(row.bits, '0')
    })
    expect(wrong).toEqual([])
  })

  it('has values and places that add up to the code, none of them empty', () => {
    const wrong = allCodes(row).filter((code) => {
      const fields = codeFields(code, row)
      const sum = fields.reduce((total, { value, lowestBit }) => total + value * 2 ** lowestBit, 0)
      return sum !== code || fields.some(({ bits }) => bits === '')
    })
    expect(wrong).toEqual([])
  })
})

describe.each(rows.filter((row) => row.layout === 'fields'))('$name', (row) => {
  it('has fields whose formula is the value of every finite code', () => {
    const wrong = allCodes(row).filter((code) => {
      const value = decode(code, row)
      return Number.isFinite(value) && !Object.is(value, formula(code, row))
    })
    expect(wrong).toEqual([])
  })
})

/** The value by the row's facts and the fields, as number-format.ts states it. */
function formula(code: number, row: NumberFormat): number {
  const { bias, mantissaBits: m } = row
  const fields = codeFields(code, row)
  const [s, e, f] = [
    fieldValue(fields, 'sign'),
    fieldValue(fields, 'exponent'),
    fieldValue(fields, 'mantissa'),
  ]
  if (row.negatives === 'twos-complement') return (f - s * 2 ** m) / 64
  const full = e > 0 || row.zero === 'none'
  const magnitude = full ? 2 ** (e - bias) * (1 + f / 2 ** m) : 2 ** (1 - bias) * (f / 2 ** m)
  return s === 1 ? -magnitude : magnitude
}

it.each([
  // Section "worked examples" of the HiF8 paper's rule: sign.dot.exponent.mantissa.
  [0x00, 'sign 0, dot 0000, mantissa 000'],
  [0x80, 'sign 1, dot 0000, mantissa 000'],
  [0x07, 'sign 0, dot 0000, mantissa 111'],
  [0x08, 'sign 0, dot 0001, mantissa 000'],
  [0x17, 'sign 0, dot 001, exponent 0, mantissa 111'],
  [0x18, 'sign 0, dot 001, exponent 1, mantissa 000'],
  [0x3f, 'sign 0, dot 01, exponent 11, mantissa 111'],
  [0x43, 'sign 0, dot 10, exponent 000, mantissa 11'],
  [0x61, 'sign 0, dot 11, exponent 0000, mantissa 1'],
  [0xff, 'sign 1, dot 11, exponent 1111, mantissa 1'],
])('hif8 %i is %s', (code, expected) => {
  const fields = codeFields(code, 'hif8')
  expect(fields.map(({ name, bits }) => `${name} ${bits}`).join(', ')).toBe(expected)
})

it('gives names, bits, values and places', () => {
  expect(codeFields(0xc5, 'e4m3')).toEqual([
    { name: 'sign', bits: '1', value: 1, lowestBit: 7 },
    { name: 'exponent', bits: '1000', value: 8, lowestBit: 3 },
    { name: 'mantissa', bits: '101', value: 5, lowestBit: 0 },
  ])
  expect(codeFields(127, 'e8m0')).toEqual([{ name: 'exponent', bits: '01111111', value: 127, lowestBit: 0 }])
  expect(codeFields(0x81, 'mxint8').map(({ name }) => name)).toEqual(['sign', 'mantissa'])
})

it('refuses what is no code and no format', () => {
  for (const code of [-1, 16, 0.5, NaN]) expect(() => codeFields(code, 'e2m1')).toThrow(CodeError)
  expect(() => codeFields(0, 'e9m9')).toThrow(UnknownFormatError)
})
