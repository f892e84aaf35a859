import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { threefry, uniform } from './random.ts'

describe('threefry', () => {
  // Known answers of Random123 (kat_vectors, threefry 2x32, 20 rounds).
  it.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x13198a2e, 0x03707344],
      [0x243f6a88, 0x85a308d3],
      [0xc4923a9c, 0x483df7a0],
    ],
  ] as const)('key %o, counter %o', (key, counter, expected) => {
    expect(threefry(key, counter)).toEqual(expected)
  })
})

describe('uniform', () => {
  const integer = fc.maxSafeNat()

  it('lies in [0, 1) and depends on seed and index only', () => {
    fc.assert(
      fc.property(integer, integer, (seed, index) => {
        const value = uniform(seed, index)
        expect(value).toBe(uniform(seed, index))
        expect(value >= 0 && value < 1).toBe(true)
      }),
    )
  })

  it('gives other numbers for another seed or index, also above 2^32', () => {
    const values = [0, 1, 2 ** 32, 2 ** 32 + 1].flatMap((seed) =>
      [0, 1, 2 ** 32].map((index) => uniform(seed, index)),
    )
    expect(new Set(values).size).toBe(12)
  })

  it('fills 20 bins evenly', () => {
    const count = 20000
    const bins = new Float64Array(20)
    for (let i = 0; i < count; i++) bins[Math.floor(uniform(42, i) * 20)]! += 1
    const chiSquare = bins.reduce((sum, n) => sum + (n - count / 20) ** 2 / (count / 20), 0)
    // 99.9 % of fair generators stay below 43.8 with 19 degrees of freedom.
    expect(chiSquare).toBeLessThan(43.8)
  })
})
