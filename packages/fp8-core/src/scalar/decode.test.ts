/**
 * Every code of every format: against ml_dtypes for those it has, against gfloat for IEEE P3109 and INT8, against the
 * paper's rule and en_dtypes for HiF8. The script that makes the data asserts that torch and gfloat agree with
 * ml_dtypes where they have the format, and the paper's table of values with its rule.
 *
 * Mutations seen red: exponent 15 of E4M3 decoded as NaN; subnormals with a hidden one; E8M0 code 0 as zero; the
 * sign of zero dropped; 0x80 of FNUZ as -0; INT8 as sign and magnitude; the sign of HiF8's exponent swapped.
 */
import { describe, expect, it } from 'vitest'
import { ArgumentError, CodeError } from '../errors.ts'
import { type FormatLike, formatInfo } from '../formats/format-info.ts'
import { formats } from '../formats/formats.ts'
import { firstDifferences, float32, golden, sha256 } from '../golden-file.ts'
import { decode, values } from './decode.ts'

const codes = golden<Record<string, { float32?: string; float32Sha256: string }>>('codes.json')

describe.each(Object.keys(codes))('%s', (name) => {
  const row = formatInfo(name)

  it('decodes every code as the reference does, signs of zero included', () => {
    const decoded = Float32Array.from(values(row))
    const expected = codes[name]!
    if (expected.float32 !== undefined) {
      const bits = new Uint32Array(float32(expected.float32).buffer)
      expect(firstDifferences(new Uint32Array(decoded.buffer), bits)).toEqual([])
    }
    expect(sha256(decoded)).toBe(expected.float32Sha256)
  })

  it('has no value that float32 cannot hold', () => {
    expect(firstDifferences(Float32Array.from(values(row)), values(row))).toEqual([])
  })

  it('refuses what is not a code', () => {
    for (const code of [-1, 2 ** row.bits, 0.5, NaN, Infinity]) {
      expect(() => decode(code, row)).toThrow(CodeError)
    }
  })
})

it('has golden data of every format of the table', () => {
  expect(Object.keys(formats).filter((name) => codes[name] === undefined)).toEqual([])
})

it.each([undefined, null, '3', 3n, {}, []])('refuses %o for a code', (code) => {
  expect(() => decode(code as unknown as number, 'e4m3')).toThrow(CodeError)
})

it.each([undefined, null, 8, {}, [], Symbol('e4m3')])('refuses %o for a format', (format) => {
  expect(() => decode(0, format as unknown as FormatLike)).toThrow(ArgumentError)
  expect(() => values(format as unknown as FormatLike)).toThrow(/must be a format's name or a row/)
})

it('decodes E8M0 code 0 to 2^-127, a float32 subnormal that shifting the code into the exponent would lose', () => {
  expect(decode(0, 'e8m0')).toBe(2 ** -127)
  expect(decode(255, 'e8m0')).toBeNaN()
})

it.each(['e4m3fnuz', 'e5m2fnuz', 'e4m3b11fnuz', 'hif8', 'p3109_k8p4se'])(
  '%s has NaN in the place of -0',
  (name) => {
    expect(decode(0x80, name)).toBeNaN()
    expect(values(name).filter((value) => Object.is(value, -0))).toHaveLength(0)
    expect(values(name).filter(Number.isNaN)).toHaveLength(1)
  },
)

it('decodes the bits of E4M3FN as E4M3FNUZ to half the value, but for -0 and NaN', () => {
  for (let code = 0; code < 256; code++) {
    if (code === 0x80 || (code & 0x7f) === 0x7f) continue
    expect(decode(code, 'e4m3fnuz')).toBe(decode(code, 'e4m3') / 2)
  }
  // What a conversion that keeps the bits must mend.
  expect([decode(0x80, 'e4m3fnuz'), decode(0x7f, 'e4m3fnuz')]).toEqual([NaN, 240])
})
