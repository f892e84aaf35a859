/**
 * Counts of codes and of what became of numbers against numpy, with the codes of ml_dtypes.
 *
 * Mutations seen red: counts overwritten; bad codes let through; -2 of two's complement forgotten; exactly the
 * largest, zero, the least normal, NaN or an infinity that stays counted; negative values not saturated, or subnormal;
 * 0 / 0 of nothing.
 */
import { describe, expect, it } from 'vitest'
import { encodeArray } from '../bulk/arrays.ts'
import { CodeError, LengthError, UnknownFormatError } from '../errors.ts'
import { float32, golden, sha256 } from '../golden-file.ts'
import { codeHistogram } from './code-histogram.ts'
import { type ConversionSummary, conversionSummary } from './conversion-summary.ts'

type Counts = Omit<ConversionSummary, 'elements'>

interface Conversion {
  elements: number
  codesSha256: string
  histogram: number[]
  counts: Record<keyof Counts, number>
}

const { special, formats } = golden<{
  conversions: { special: string; formats: Record<'e4m3' | 'e5m2' | 'e2m1', Conversion> }
}>('metrics.json').conversions

/** Those of metrics.py: a multiplicative hash over 41 binades, and special ones. */
const numbers = [
  ...Array.from({ length: 2048 }, (_, i) => {
    const mantissa = (Math.imul(i, 2654435761) >>> 0) / 2 ** 32 - 0.5
    return Math.fround(mantissa * 2 ** (((i * 40503) % 41) - 20))
  }),
  ...float32(special),
]

describe.each(Object.entries(formats))('%s', (format, expected) => {
  // FP4 has no NaN.
  const input = format === 'e2m1' ? numbers.filter((x) => !Number.isNaN(x)) : numbers
  const codes = encodeArray(input, format, undefined, { overflow: 'format' })

  it('counts what numpy counts', () => {
    expect(sha256(codes)).toBe(expected.codesSha256)
    const { elements, ...shares } = conversionSummary(input, codes, format)
    expect(elements).toBe(expected.elements)
    for (const [name, count] of Object.entries(expected.counts)) {
      expect([name, shares[name as keyof Counts] * elements]).toEqual([name, expect.closeTo(count, 9)])
    }
    expect([...codeHistogram(codes, format)]).toEqual(expected.histogram)
  })
})

/** Names of what one number's conversion is counted as. */
function kinds(x: number, format: string, code: number): string[] {
  const { elements: _, ...shares } = conversionSummary([x], [code], format)
  return Object.entries(shares).flatMap(([name, share]) => (share === 1 ? [name] : []))
}

describe('counts', () => {
  it.each([
    ['saturated', 449, 'e4m3', 0x7e],
    ['saturated', -1e9, 'e4m3', 0xfe],
    ['saturated', Infinity, 'e4m3', 0x7e],
    ['saturated', -2.1, 'mxint8', 0x80],
    ['infinite', 1e9, 'e5m2', 0x7c],
    ['nan', 1e9, 'e4m3', 0x7f],
    ['nan', -Infinity, 'e4m3', 0xff],
    ['underflowed', 1e-9, 'e4m3', 0],
    ['underflowed', -1e-9, 'e4m3', 0x80],
    ['subnormal', 2 ** -9, 'e4m3', 1],
    ['subnormal', 2 ** -22, 'hif8', 1],
  ])('as %s the number %d in %s', (kind, x, format, code) => {
    expect(kinds(x, format, code)).toEqual([kind])
  })

  it.each([
    ['exactly the largest', 448, 'e4m3', 0x7e],
    ['rounded up to it', 447, 'e4m3', 0x7e],
    ['the most negative of two’s complement', -2, 'mxint8', 0x80],
    ['rounded to that', -1.999, 'mxint8', 0x80],
    ['infinity that stays', Infinity, 'e5m2', 0x7c],
    ['NaN that stays', NaN, 'e4m3', 0x7f],
    ['NaN that was lost', NaN, 'e2m1', 0],
    ['zero', -0, 'e4m3', 0x80],
    ['the least normal', 2 ** -6, 'e4m3', 8],
    ['the least of a format without subnormals', 2 ** -127, 'e8m0', 0],
  ])('not at all: %s', (_, x, format, code) => {
    expect(kinds(x, format, code)).toEqual([])
  })
})

it('gives shares of all elements, and zeros of none', () => {
  const summary = conversionSummary([1000, 1e-9, 1, NaN], [0x7e, 0, 0x38, 0x7f], 'e4m3')
  const zeros = { saturated: 0, infinite: 0, nan: 0, underflowed: 0, subnormal: 0 }
  expect(summary).toEqual({ ...zeros, elements: 4, saturated: 0.25, underflowed: 0.25 })
  expect(conversionSummary([], [], 'e4m3')).toEqual({ ...zeros, elements: 0 })
})

it('sums histograms over several arrays, beyond 32 bits', () => {
  const counts = new Float64Array(16)
  counts[3] = 2 ** 33
  expect(codeHistogram([3, 3, 15], 'e2m1', counts)).toBe(counts)
  expect([counts[3], counts[15]]).toEqual([2 ** 33 + 2, 1])
  expect(codeHistogram(Uint16Array.of(0xffff), 'bf16')[0xffff]).toBe(1)
})

describe('refuses', () => {
  it.each([16, -1, 1.5, NaN])('the code %d of a four-bit format, with its place', (code) => {
    const facts = { name: 'CodeError', format: 'e2m1', code, bits: 4, index: 2 }
    expect(() => codeHistogram([0, 1, code], 'e2m1')).toThrow(expect.objectContaining(facts))
    expect(() => conversionSummary([0, 1, 2], [0, 1, code], 'e2m1')).toThrow(expect.objectContaining(facts))
    expect(() => codeHistogram([code], 'e2m1')).toThrow(CodeError)
  })

  it('unfit lengths and unknown formats', () => {
    expect(() => codeHistogram([1], 'e2m1', new Float64Array(15))).toThrow(LengthError)
    expect(() => conversionSummary([1, 2], [1], 'e2m1')).toThrow(LengthError)
    expect(() => codeHistogram([], 'e9m9')).toThrow(UnknownFormatError)
    expect(() => conversionSummary([], [], 'e9m9')).toThrow(UnknownFormatError)
  })
})
