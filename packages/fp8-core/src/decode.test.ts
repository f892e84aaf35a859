/**
 * Every code of every format against ml_dtypes (torch agrees where it has the format; the script asserts it).
 *
 * Mutations seen red: exponent 15 of E4M3 decoded as NaN; subnormals with a hidden one; E8M0 code 0 as zero; the
 * sign of zero dropped.
 */
import { describe, expect, it } from 'vitest'
import { decode, values } from './decode.ts'
import { CodeError } from './errors.ts'
import { type FormatName, formats } from './formats.ts'
import { firstDifferences, float32, golden, sha256 } from './golden-file.ts'

const codes = golden<Record<FormatName, { float32?: string; float32Sha256: string }>>('codes.json')

describe.each(Object.values(formats))('$name', (row) => {
  it('decodes every code as ml_dtypes does, signs of zero included', () => {
    const decoded = Float32Array.from(values(row))
    const expected = codes[row.name as FormatName]
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
    for (const code of [-1, 2 ** row.bits, 0.5, NaN]) expect(() => decode(code, row)).toThrow(CodeError)
  })
})

it('decodes E8M0 code 0 to 2^-127, a float32 subnormal that shifting the code into the exponent would lose', () => {
  expect(decode(0, 'e8m0')).toBe(2 ** -127)
  expect(decode(255, 'e8m0')).toBeNaN()
})
