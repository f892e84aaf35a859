/**
 * Mutations seen red: a limit of a row changed; `float8_e4m3` as OCP's E4M3; names compared in the case they are given;
 * `torch.` kept; families of names forgotten.
 */
import { describe, expect, it } from 'vitest'
import { ArgumentError, UnknownFormatError } from '../errors.ts'
import { golden } from '../golden-file.ts'
import { decode, values } from '../scalar/decode.ts'
import { type FormatLike, formatInfo } from './format-info.ts'
import { formats } from './formats.ts'

type Limits = { max: number; minNormal?: number; minSubnormal: number }
const codes = golden<Record<string, { limits: Limits }>>('codes.json')

describe.each(Object.values(formats))('row $name', (row) => {
  it('states the limits of its values, for ml_dtypes those of finfo', () => {
    const { max, minNormal, minSubnormal } = codes[row.name]!.limits
    expect(row.max).toBe(max)
    // The references of HiF8 and INT8 do not say it.
    if (minNormal !== undefined) expect(row.minNormal).toBe(minNormal)
    else expect(['hif8', 'mxint8']).toContain(row.name)
    // finfo gives E8M0, which has no subnormals, its least value.
    expect(row.minSubnormal ?? row.minNormal).toBe(minSubnormal)
  })

  it('agrees with its own codes', () => {
    expect(decode(row.maxCode, row)).toBe(row.max)
    expect(values(row)).toContain(row.minNormal)
    if (row.layout === 'fields' && row.exponentBits > 0) {
      const code = row.minSubnormal === undefined ? 0 : 2 ** row.mantissaBits
      expect(decode(code, row)).toBe(row.minNormal)
    }
    if (row.minSubnormal !== undefined) expect(decode(1, row)).toBe(row.minSubnormal)
    if (row.nanCode !== undefined) expect(decode(row.nanCode, row)).toBeNaN()
    if (row.infinityCode !== undefined) expect(decode(row.infinityCode, row)).toBe(Infinity)
    expect(row.infinities).toBe(row.infinityCode !== undefined)
    expect(values(row).some(Number.isNaN)).toBe(row.nans !== 'none')
    expect(values(row).some((value) => value < 0)).toBe(row.negatives !== 'none')
    const zeros = [...values(row)].filter((value) => value === 0).length
    expect(zeros).toBe({ signed: 2, unsigned: 1, none: 0 }[row.zero])
  })

  it('is found by its name and aliases in any letter case, and by itself', () => {
    const { others = [], ...named } = row.aliases
    for (const name of [row.name, ...Object.values(named), ...others]) {
      expect(formatInfo(name)).toBe(row)
      expect(formatInfo(name.toUpperCase())).toBe(row)
      expect(formatInfo(`torch.${name}`)).toBe(row)
    }
    expect(formatInfo(row)).toBe(row)
  })
})

it('has no name twice', () => {
  const names = Object.values(formats).flatMap(({ name, aliases: { others = [], ...named } }) => [
    ...new Set([name, ...Object.values(named), ...others].map((one) => one.toLowerCase())),
  ])
  expect(names).toHaveLength(new Set(names).size)
})

describe('formatInfo', () => {
  it("takes ml_dtypes' names at their word: its float8_e4m3 is not OCP's", () => {
    expect(formatInfo('float8_e4m3').name).toBe('e4m3ieee')
    expect(formatInfo('float8_e4m3fn').name).toBe('e4m3')
  })

  it.each([
    ['e4m4', ['e4m3']],
    ['e4m3fnz', ['e4m3fnuz', 'e4m3fn']],
    ['fp8', ['e4m3', 'e5m2']],
    ['float8', ['e4m3', 'e5m2']],
    ['mxfp8', ['e4m3', 'e5m2']],
    ['torch.float8', ['e4m3', 'e5m2']],
    ['FLOAT8E4M3', ['e4m3', 'e4m3ieee']],
    ['float8_e5m2fn', ['float8_e5m2fnuz', 'float8_e5m2']],
    ['nvfp4', ['e2m1']],
    ['mxfp4', ['e2m1']],
    ['mxfp6', ['e2m3', 'e3m2']],
    ['int8', ['mxint8']],
    ['hifp8', ['hif8']],
    ['ue8m0fnu', ['e8m0fnu']],
    ['bfloat', ['bfloat16']],
    ['float32', ['f16', 'bf16']],
    ['p3109_k8p9se', ['p3109_k8p4se']],
    ['binary8p3', ['p3109_k8p4se']],
  ])('%s: did you mean %o?', (name, likely) => {
    const nearest = suggestions(name)
    expect(nearest).toEqual(expect.arrayContaining(likely))
    if (likely.length > 0) expect(nearest[0]).toBe(likely[0])
    expect(nearest).toHaveLength(3)
    // Three formats, not three names of one.
    expect(new Set(nearest.map((one) => formatInfo(one))).size).toBe(3)
  })

  it.each(['', '__proto__', 'toString', 'x'.repeat(1_000_000), '\u0000', '𝟠'])(
    'refuses the hostile name %#',
    (name) => {
      expect(() => formatInfo(name)).toThrow(UnknownFormatError)
    },
  )

  it.each([
    undefined,
    null,
    8,
    NaN,
    true,
    {},
    [],
    Object.create(null),
    Symbol('e4m3'),
    () => 'e4m3',
    // A changed copy would look like a row, and nothing would say that it is none.
    { ...formats.e4m3, bias: 8 },
  ])('refuses %o, which is neither a name nor a row', (format) => {
    expect(() => formatInfo(format as unknown as FormatLike)).toThrow(ArgumentError)
  })
})

function suggestions(name: string): readonly string[] {
  try {
    formatInfo(name)
  } catch (error) {
    if (error instanceof UnknownFormatError) return error.nearest
  }
  return []
}
