/**
 * The family of IEEE P3109: names and parameters. Codes and roundings against gfloat: decode, encode-boundaries,
 * encode-sixteen-bit and stochastic tests, all of 8 bits and some narrower and wider.
 *
 * Mutations seen red: bias of signed formats for unsigned ones; the NaN of unsigned formats in the middle; precision
 * up to K for signed formats; more exponent bits than float32 has.
 */
import { describe, expect, it } from 'vitest'
import { ArgumentError, UnknownFormatError } from '../errors.ts'
import { golden } from '../golden-file.ts'
import { decode, values } from '../scalar/decode.ts'
import { formatInfo } from './format-info.ts'
import { type P3109Parameters, p3109 } from './p3109.ts'

const limits = golden<Record<string, { limits: { max: number; minSubnormal: number } }>>('codes.json')

it('is one row by its name and by its parameters', () => {
  expect(p3109({ bits: 8, precision: 4 })).toBe(formatInfo('p3109_k8p4se'))
  expect(formatInfo('P3109_K8P3UF')).toBe(p3109({ bits: 8, precision: 3, signed: false, extended: false }))
  expect(formatInfo(p3109({ bits: 8, precision: 4 }))).toBe(p3109({ bits: 8, precision: 4, extended: true }))
})

it.each([
  // The README of gfloat.
  ['p3109_k8p4se', 224, 2 ** -10],
  ['p3109_k8p3se', 49152, 2 ** -17],
  ['p3109_k8p3sf', 57344, 2 ** -17],
  ['p3109_k8p4sf', 240, 2 ** -10],
])('%s has the maximum %d and the least value %d', (name, max, least) => {
  expect([formatInfo(name).max, decode(1, name)]).toEqual([max, least])
})

it('has in its finite signed format of precision 4 the values of E4M3FNUZ', () => {
  expect(values('p3109_k8p4sf')).toEqual(values('e4m3fnuz'))
})

const all: P3109Parameters[] = []
for (let bits = 3; bits <= 15; bits++)
  for (const signed of [true, false])
    for (
      let precision = Math.max(1, bits - (signed ? 8 : 7));
      precision <= bits - (signed ? 1 : 0);
      precision++
    )
      for (const extended of [true, false]) all.push({ bits, precision, signed, extended })

it('has rows that agree with their codes, for all parameters', () => {
  for (const parameters of all) {
    const row = p3109(parameters)
    expect(formatInfo(row.name)).toBe(row)
    const told = [row.max, row.minSubnormal ?? row.minNormal, NaN, row.infinities ? Infinity : undefined]
    const { maxCode, nanCode, infinityCode } = row
    const codes = [maxCode, 1, nanCode!, infinityCode]
    expect(codes.map((code) => (code === undefined ? code : decode(code, row)))).toEqual(told)
    // What decodeArray promises: float32 holds every value. The finest and the largest have all mantissa bits.
    expect([Math.fround(row.max), Math.fround(decode(1, row))]).toEqual([row.max, decode(1, row)])
  }
  // Signed 2 + .. + 8 and six times 8 precisions, unsigned 3 + .. + 8 and seven times 8, each with and without infinities.
  expect(all).toHaveLength(2 * (35 + 48 + 33 + 56))
})

it('has all codes different, one NaN, and nothing above the maximum, for all parameters to 10 bits', () => {
  for (const row of all.filter(({ bits }) => bits <= 10).map(p3109)) {
    const decoded = values(row)
    const finite = decoded.filter(Number.isFinite)
    expect(Math.max(...finite)).toBe(row.max)
    expect(decoded.filter(Number.isNaN)).toHaveLength(1)
    expect(decoded.length - finite.length).toBe(1 + (row.infinities ? 1 + row.signBits : 0))
    expect(new Set(decoded).size).toBe(2 ** row.bits)
  }
})

it.each(Object.keys(limits).filter((name) => name.startsWith('p3109')))(
  '%s has the limits that gfloat has',
  (name) => {
    const { max, minSubnormal, minNormal } = formatInfo(name)
    expect({ max, minSubnormal: minSubnormal ?? minNormal }).toEqual(limits[name]!.limits)
  },
)

describe('outside the family', () => {
  it.each([
    [{ bits: 2, precision: 1 }, /bits must be an integer of 3 .. 15, got 2/],
    [{ bits: 16, precision: 8 }, /bits/],
    [{ bits: 8.5, precision: 4 }, /bits/],
    [{ bits: '8' as unknown as number, precision: 4 }, /bits must be an integer of 3 .. 15, got '8'/],
    [{ bits: 8, precision: 0 }, /precision must be an integer of 1 .. 7, got 0/],
    [{ bits: 8, precision: 8 }, /precision/],
    [{ bits: 8, precision: 9, signed: false }, /precision must be an integer of 1 .. 8, got 9/],
    [{ bits: 8, precision: NaN }, /precision/],
    [{ bits: 8 } as P3109Parameters, /precision .* got undefined/],
    // In the family, but float32 does not hold its values.
    [{ bits: 10, precision: 1 }, /precision must be an integer of 2 .. 9, got 1/],
    [{ bits: 9, precision: 1, signed: false }, /precision must be an integer of 2 .. 9, got 1/],
    [{ bits: 8, precision: 4, signed: 'no' as unknown as boolean }, /signed must be true or false, got 'no'/],
    [{ bits: 8, precision: 4, extended: 1 as unknown as boolean }, /extended must be true or false, got 1/],
  ])('refuses %o', (parameters, message) => {
    expect(() => p3109(parameters)).toThrow(ArgumentError)
    expect(() => p3109(parameters)).toThrow(message)
  })

  it.each([
    'p3109_k2p1se',
    'p3109_k16p8se',
    'p3109_k8p8se',
    'p3109_k8p0se',
    'p3109_k08p4se',
    'p3109_k10p1se',
    'p3109_k8p4s',
    'p3109_k8p4sex',
    'p3109',
  ])('knows no %s', (name) => {
    expect(() => formatInfo(name)).toThrow(UnknownFormatError)
  })
})
