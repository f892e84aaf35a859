import { expect, test } from 'vitest'
import { compare, describeComparison } from './compare.ts'

test('the worst element, its place, and its error relative to the root mean square', () => {
  const result = compare([3, -4, 0, 5, 0, 0], [3, -4.5, 0.25, 5, 0, 0], [2, 3])
  expect(result.at).toEqual([0, 1])
  expect(result.error).toBeCloseTo(0.5 / Math.sqrt(50 / 6), 12)
  expect(describeComparison('out', result)).toBe('out[0, 1]: reference -4, candidate -4.5, error 1.73e-1')
})

test('equal, also for NaN and infinities', () => {
  expect(compare([1, Number.NaN, Infinity, 0], [1, Number.NaN, Infinity, -0], [4]).error).toBe(0)
})

test.each([
  [1, Number.NaN],
  [Number.NaN, 1],
  [1, Infinity],
  [Infinity, -Infinity],
  [1, undefined],
])('%d against %d is infinitely wrong', (reference, candidate) => {
  const result = compare([2, reference], candidate === undefined ? [2] : [2, candidate], [2])
  expect(result).toMatchObject({ error: Infinity, at: [1] })
})

test('a difference where the reference is all zeros is infinitely wrong', () => {
  expect(compare([0, 0], [0, 1e-30], [2]).error).toBe(Infinity)
})
