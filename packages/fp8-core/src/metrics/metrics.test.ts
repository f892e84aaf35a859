/**
 * Error measures against torch, torchao's `compute_error` and DeepGEMM's `calc_diff`; block-scaling.test.ts has more.
 *
 * Mutations seen red: 20 log10; the signal of `actual`; float32 noise; a NaN from 0 / 0 in each of four; a zero reference
 * ignored; relative to `actual`; a comparison that hides NaN; calc_diff without its factor 2.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeArray, encodeArray } from '../bulk/arrays.ts'
import { ArgumentError, LengthError } from '../errors.ts'
import type { FormatName } from '../formats/formats.ts'
import { golden, sha256 } from '../golden-file.ts'
import { cosineDifference, maxAbsoluteError, maxRelativeError, nmse, sqnr } from './metrics.ts'

const measures = [sqnr, nmse, maxAbsoluteError, maxRelativeError, cosineDifference]

interface Measures {
  actualSha256: string
  sqnr: number
  nmse: number
  calcDiff: number
  maxAbsoluteError: number
  maxRelativeError: number
}

describe.each(Object.entries(golden<{ measures: Record<FormatName, Measures> }>('metrics.json').measures))(
  'of a round trip through %s',
  (format, expected) => {
    // `numbers` of metrics.py, a multiplicative hash over 41 binades, below 128.
    const x = Float32Array.from({ length: 4096 }, (_, i) => {
      const mantissa = (Math.imul(i, 2654435761) >>> 0) / 2 ** 32 - 0.5
      return mantissa * 2 ** (((i * 40503) % 41) - 32)
    })
    const y = decodeArray(encodeArray(x, format), format)

    it('gives the numbers of torch', () => {
      expect(sha256(y)).toBe(expected.actualSha256)
      expect(sqnr(x, y)).toBeCloseTo(expected.sqnr, 9)
      expect(nmse(x, y) / expected.nmse).toBeCloseTo(1, 12)
      expect(cosineDifference(x, y)).toBeCloseTo(expected.calcDiff, 12)
      expect(maxAbsoluteError(x, y)).toBe(expected.maxAbsoluteError)
      expect(maxRelativeError(x, y)).toBe(expected.maxRelativeError)
    })
  },
)

it('measures by hand-worked numbers', () => {
  // Signal 9 + 16 = 25, noise 0.25: 10 log10(100) = 20 dB.
  expect(sqnr([3, 4], [3, 4.5])).toBeCloseTo(20, 12)
  expect(nmse([3, 4], [3, 4.5])).toBe(0.01)
  expect(maxAbsoluteError([1, -5, 2], [1.5, -5, 4])).toBe(2)
  expect(maxRelativeError([2, -8, 1], [3, -4, 1])).toBe(0.5)
  // 1 - 2 * 2 / (1 + 4).
  expect(cosineDifference([1], [2])).toBeCloseTo(0.2, 15)
})

it('is perfect for equal arrays, empty and all-zero ones included', () => {
  for (const same of [[], [0, 0], [1, -2], [0, 3]]) {
    expect(measures.map((measure) => measure(same, same))).toEqual([Infinity, 0, 0, 0, 0])
  }
})

it('is worst for noise on silence', () => {
  expect(measures.map((measure) => measure([0], [1]))).toEqual([-Infinity, Infinity, 1, Infinity, 1])
})

it('takes -0 for 0', () => {
  expect(measures.map((measure) => measure([0, 1], [-0, 1]))).toEqual([Infinity, 0, 0, 0, 0])
})

it('does not hide a NaN, wherever it stands', () => {
  for (const measure of measures) {
    for (const bad of [NaN, Infinity - Infinity]) {
      expect(measure([1, bad, 2], [1, 1, 2])).toBeNaN()
      expect(measure([1, 1, 2], [1, bad, 2])).toBeNaN()
    }
    expect(measure([Infinity], [Infinity])).toBeNaN()
  }
  // Also after something infinitely bad.
  expect(maxRelativeError([0, 1], [1, NaN])).toBeNaN()
})

it('neither overflows nor underflows on float32', () => {
  const great = new Float32Array(1000).fill(3e38)
  expect(
    sqnr(
      great,
      great.map(() => 1.5e38),
    ),
  ).toBeCloseTo(20 * Math.log10(2), 5)
  const small = new Float32Array(1000).fill(2 ** -149)
  expect(
    nmse(
      small,
      small.map(() => 2 ** -148),
    ),
  ).toBe(1)
})

it('is the same for both arrays scaled by a power of two', () => {
  const number = fc.float({ min: -8, max: 8, noNaN: true })
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number), { minLength: 1 }), (pairs) => {
      const [x, y] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)]
      const scaled = (values: number[]) => values.map((value) => value * 1024)
      for (const measure of [sqnr, nmse, maxRelativeError, cosineDifference]) {
        expect(measure(scaled(x), scaled(y))).toBe(measure(x, y))
      }
      expect(maxAbsoluteError(scaled(x), scaled(y))).toBe(1024 * maxAbsoluteError(x, y))
    }),
  )
})

it('refuses arrays of different lengths', () => {
  for (const measure of measures) expect(() => measure([1], [])).toThrow(LengthError)
})

it.each([
  5,
  null,
  undefined,
  {},
  { length: 2 ** 40 },
  'abc',
  new DataView(new ArrayBuffer(8)),
  new BigInt64Array(1),
])('refuses what is no array of numbers: %o', (wrong) => {
  const array = wrong as unknown as number[]
  for (const measure of [sqnr, nmse, maxAbsoluteError, maxRelativeError, cosineDifference]) {
    expect(() => measure(array, array)).toThrow(ArgumentError)
    expect(() => measure([1], array)).toThrow(ArgumentError)
  }
})
