/**
 * Mutations seen red: Laplace on one side, the chi-squared number divided by 3, two outliers in a thousand, a generator
 * that forgets its seed, one that always gives 0.
 */
import { expect, test } from 'vitest'
import { distributions, samples } from './distributions.ts'
import { seededUniform } from './random.ts'

const count = 2 ** 17

/** Mean, mean magnitude and mean square. */
function moments(x: Float32Array): { mean: number; first: number; second: number } {
  let [sum, magnitudes, squares] = [0, 0, 0]
  for (const value of x) {
    sum += value
    magnitudes += Math.abs(value)
    squares += value * value
  }
  return { mean: sum / x.length, first: magnitudes / x.length, second: squares / x.length }
}

// Of a Student t with 4 degrees no fourth moment exists, and the second one converges slowly: a bound of several sigma.
test.each([
  // E|x| and E x^2; the tolerance in parts of them.
  { name: 'Gauss', first: Math.sqrt(2 / Math.PI), second: 1, tolerance: 0.02 },
  { name: 'Laplace', first: 1, second: 2, tolerance: 0.03 },
  { name: 'Student t4', first: 1, second: 2, tolerance: 0.1 },
  { name: 'Gauss + outliers', first: Math.sqrt(2 / Math.PI) * 1.049, second: 0.999 + 2.5, tolerance: 0.35 },
])('$name has its moments', ({ name, first, second, tolerance }) => {
  const found = moments(samples(distributions.find((one) => one.name === name)!, count))
  expect(Math.abs(found.first / first - 1)).toBeLessThan(tolerance)
  expect(Math.abs(found.second / second - 1)).toBeLessThan(tolerance)
  expect(Math.abs(found.mean)).toBeLessThan(6 * Math.sqrt(second / count))
})

test('one in a thousand is an outlier', () => {
  const x = samples(distributions.find(({ name }) => name === 'Gauss + outliers')!, count)
  // Beyond 6: some 90 % of the outliers, and one ordinary number in 500 million.
  const share = x.filter((value) => Math.abs(value) > 6).length / count
  expect(share).toBeGreaterThan(0.0007)
  expect(share).toBeLessThan(0.0011)
})

test('the same seed gives the same numbers, strictly between 0 and 1', () => {
  const [a, b, other] = [seededUniform(1), seededUniform(1), seededUniform(2)]
  const first = Array.from({ length: 1000 }, a)
  expect(Array.from({ length: 1000 }, b)).toEqual(first)
  expect(Array.from({ length: 1000 }, other)).not.toEqual(first)
  expect(first.every((u) => u > 0 && u < 1)).toBe(true)
})
