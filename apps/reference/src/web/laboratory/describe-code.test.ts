import { CodeError, decode, encode, formats, type NumberFormat } from '@octoscale/fp8-core'
import { expect, test } from 'vitest'
import { type CodeDescription, describeCode } from './describe-code.ts'

const table = Object.values(formats)

/** All codes up to 8 bits; of 16 bits every 37th, which is prime to the lengths of the fields, and the last ones. */
function codesOf({ bits }: NumberFormat): number[] {
  const count = 2 ** bits
  const step = bits > 8 ? 37 : 1
  const codes = Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step)
  return [...new Set([...codes, count / 2 - 1, count / 2, count - 1])]
}

function all(format: NumberFormat): CodeDescription[] {
  return codesOf(format).map((code) => describeCode(code, format))
}

test.each(table)('$name: the bits of the fields are the code', (format) => {
  const wrong = all(format).filter(({ code, hex, fields }) => {
    const bits = fields.map((field) => field.bits).join('')
    const sum = fields.reduce((total, { value, lowestBit }) => total + value * 2 ** lowestBit, 0)
    return bits.length !== format.bits || Number(`0b${bits}`) !== code || sum !== code || Number(hex) !== code
  })
  expect(wrong).toEqual([])
})

test.each(table)('$name: the parts multiply to the value, and the value encodes to the code', (format) => {
  for (const { code, value, parts, kind } of all(format)) {
    expect(value).toBe(decode(code, format))
    expect(parts === undefined).toBe(kind === 'nan' || kind === 'infinity')
    if (kind === 'nan') continue
    expect(encode(value, format, { overflow: 'format' })).toBe(code)
    if (parts === undefined) continue
    const { sign, exponent, bias, leading, mantissa, steps } = parts
    expect(sign * 2 ** (exponent - bias) * (leading + mantissa / steps)).toBe(value)
    expect(kind === 'subnormal' || kind === 'zero').toBe(Math.abs(value) < format.minNormal)
  }
})

test.each(table)('$name: an ulp leads to the next number of the same exponent', (format) => {
  for (const { code, value, ulp } of all(format)) {
    if (ulp === undefined || code % 2 ** format.mantissaBits === 2 ** format.mantissaBits - 1) continue
    const next = describeCode(code + 1, format)
    if (Number.isFinite(next.value))
      expect(Math.abs(next.value - value)).toBe(format.mantissaBits === 0 ? value : ulp)
  }
})

test('0.3125 in E4M3', () => {
  expect(describeCode(0x2a, formats.e4m3)).toEqual({
    code: 0x2a,
    hex: '0x2a',
    fields: [
      { name: 'sign', bits: '0', value: 0, lowestBit: 7 },
      { name: 'exponent', bits: '0101', value: 5, lowestBit: 3 },
      { name: 'mantissa', bits: '010', value: 2, lowestBit: 0 },
    ],
    kind: 'normal',
    value: 0.3125,
    parts: { sign: 1, exponent: 5, bias: 7, leading: 1, mantissa: 2, steps: 8 },
    ulp: 0.03125,
  })
})

test('what is no code is refused by fp8-core', () => {
  expect(() => describeCode(256, formats.e4m3)).toThrow(CodeError)
})
