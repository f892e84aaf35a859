/**
 * Mutations seen red: zero told by `minSubnormal` (P3109 without mantissa), the powers of two of HiF8 one off, the worth of the
 * sign bit of two's complement swapped.
 */
import { CodeError, decode, encode, formats, type NumberFormat, p3109 } from '@octoscale/fp8-core'
import { expect, test } from 'vitest'
import { type CodeDescription, describeCode } from './describe-code.ts'

/** Those of the table, and of P3109 one of each kind: without mantissa, without sign, with one exponent bit. */
const table = [
  ...Object.values(formats),
  p3109({ bits: 8, precision: 4 }),
  p3109({ bits: 8, precision: 1 }),
  p3109({ bits: 8, precision: 7, extended: false }),
  p3109({ bits: 6, precision: 6, signed: false }),
]

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
    if (parts.kind === 'fixed') expect(parts.top + parts.mantissa / parts.steps).toBe(value)
    else {
      const { sign, exponent, bias, leading, mantissa, steps } = parts
      expect(sign * 2 ** (exponent - bias) * (leading + mantissa / steps)).toBe(value)
    }
    expect(kind === 'subnormal' || kind === 'zero').toBe(Math.abs(value) < format.minNormal)
  }
})

test.each(table)('$name: an ulp leads to the next number of the same exponent', (format) => {
  for (const { code, value, ulp, parts } of all(format)) {
    if (ulp === undefined || parts === undefined) continue
    const next = parts.mantissa + 1 < parts.steps ? describeCode(code + 1, format) : undefined
    if (next !== undefined && Number.isFinite(next.value)) expect(Math.abs(next.value - value)).toBe(ulp)
    if (parts.steps === 1)
      expect(ulp).toBe(value === 0 ? (format.minSubnormal ?? format.minNormal) : Math.abs(value))
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
    parts: { kind: 'float', sign: 1, exponent: 5, bias: 7, leading: 1, mantissa: 2, steps: 8 },
    ulp: 0.03125,
  })
})

test.each([
  // The worked examples of HiF8: dot and exponent, an exponent without bits, a bare power of two, zero.
  ['hif8', 0x3f, ['0', '01', '11', '111'], [1, -3, 0, 1, 7, 8]],
  ['hif8', 0xff, ['1', '11', '1111', '1'], [-1, -15, 0, 1, 1, 2]],
  ['hif8', 0x0f, ['0', '0001', '111'], [1, 0, 0, 1, 7, 8]],
  ['hif8', 0x07, ['0', '0000', '111'], [1, 7, 23, 1, 0, 1]],
  ['hif8', 0x00, ['0', '0000', '000'], [1, 1, 23, 0, 0, 1]],
] as const)('%s %i', (name, code, bits, [sign, exponent, bias, leading, mantissa, steps]) => {
  const { fields, parts } = describeCode(code, formats[name])
  expect(fields.map((field) => field.bits)).toEqual(bits)
  expect(parts).toEqual({ kind: 'float', sign, exponent, bias, leading, mantissa, steps })
})

test("two's complement: the sign bit is worth -2", () => {
  expect(describeCode(0xff, formats.mxint8)).toMatchObject({
    value: -1 / 64,
    parts: { kind: 'fixed', top: -2, mantissa: 127, steps: 64 },
  })
})

test('what is no code is refused by fp8-core', () => {
  expect(() => describeCode(256, formats.e4m3)).toThrow(CodeError)
})
