import { describe, expect, it } from 'vitest'
import { decode } from './decode.ts'
import { UnknownFormatError } from './errors.ts'
import { formatInfo } from './format-info.ts'
import { formats } from './formats.ts'
import { golden } from './golden-file.ts'

type Limits = { max: number; minNormal: number; minSubnormal: number }
const codes = golden<Record<string, { limits: Limits }>>('codes.json')

describe.each(Object.values(formats))('row $name', (row) => {
  it('states the limits that ml_dtypes.finfo states', () => {
    const { max, minNormal, minSubnormal } = codes[row.name]!.limits
    expect([row.max, row.minNormal]).toEqual([max, minNormal])
    // finfo gives E8M0, which has no subnormals, its least value.
    expect(row.minSubnormal ?? row.minNormal).toBe(minSubnormal)
  })

  it('agrees with its own codes', () => {
    expect(decode(row.maxCode, row)).toBe(row.max)
    expect(decode(row.minSubnormal === undefined ? 0 : 2 ** row.mantissaBits, row)).toBe(row.minNormal)
    if (row.minSubnormal !== undefined) expect(decode(1, row)).toBe(row.minSubnormal)
    if (row.nanCode !== undefined) expect(decode(row.nanCode, row)).toBeNaN()
    if (row.infinityCode !== undefined) expect(decode(row.infinityCode, row)).toBe(Infinity)
    expect(row.infinities).toBe(row.infinityCode !== undefined)
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

describe('formatInfo', () => {
  it('names the nearest formats when it knows none', () => {
    expect(() => formatInfo('e4m4')).toThrow("unknown number format 'e4m4': did you mean e4m3, ")
    // ml_dtypes' float8_e4m3 is the IEEE-like format with infinities: not ours, so it must not resolve.
    expect(() => formatInfo('float8_e4m3')).toThrow(/did you mean float8_e4m3fn/)
  })

  it.each(['', '__proto__', 'toString', 'x'.repeat(1_000_000)])('refuses the hostile name %#', (name) => {
    expect(() => formatInfo(name)).toThrow(UnknownFormatError)
  })
})
