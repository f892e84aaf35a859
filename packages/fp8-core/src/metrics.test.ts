/** Edges of the error measures; their values on real data are compared with torch in block-scaling.test.ts. */
import { expect, it } from 'vitest'
import { LengthError } from './errors.ts'
import { cosineDifference, maxAbsoluteError, sqnr } from './metrics.ts'

it('measures by hand-worked numbers', () => {
  // Signal 9 + 16 = 25, noise 0.25: 10 log10(100) = 20 dB.
  expect(sqnr([3, 4], [3, 4.5])).toBeCloseTo(20, 12)
  expect(maxAbsoluteError([1, -5, 2], [1.5, -5, 4])).toBe(2)
  // 1 - 2 * 2 / (1 + 4).
  expect(cosineDifference([1], [2])).toBeCloseTo(0.2, 15)
})

it('is perfect for equal arrays, empty and all-zero ones included', () => {
  for (const same of [[], [0, 0], [1, -2]]) {
    expect([sqnr(same, same), maxAbsoluteError(same, same), cosineDifference(same, same)]).toEqual([
      Infinity,
      0,
      0,
    ])
  }
})

it('is worst for noise on silence', () => {
  expect(sqnr([0], [1])).toBe(-Infinity)
  expect(cosineDifference([0], [1])).toBe(1)
})

it('does not hide a NaN', () => {
  for (const measure of [sqnr, maxAbsoluteError, cosineDifference]) {
    expect(measure([1, NaN, 2], [1, 1, 2])).toBeNaN()
    expect(measure([1, 1, 2], [1, NaN, 2])).toBeNaN()
  }
})

it('refuses arrays of different lengths', () => {
  for (const measure of [sqnr, maxAbsoluteError, cosineDifference])
    expect(() => measure([1], [])).toThrow(LengthError)
})
