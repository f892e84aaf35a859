/** Mutations seen red: normaliser without the maximum; one less in `largest`. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { logProbabilities } from './log-probabilities.ts'

it('is the logarithm of softmax, best first', () => {
  const logitsOf = fc.array(fc.float({ min: -60, max: 60, noNaN: true }), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(logitsOf, fc.nat(29), fc.nat(9), (list, at, count) => {
      const id = at % list.length
      const { chosen, top } = logProbabilities(Float32Array.from(list), id, count)
      const max = Math.max(...list)
      const total = list.reduce((sum, logit) => sum + Math.exp(logit - max), 0)
      const expected = list.map((logit) => logit - max - Math.log(total))
      expect(chosen).toBeCloseTo(expected[id] as number, 9)
      expect(top.length).toBe(Math.min(count, list.length))
      const sorted = [...expected].sort((a, b) => b - a)
      top.forEach(({ logProbability, id: each }, i) => {
        expect(logProbability).toBeCloseTo(sorted[i] as number, 9)
        expect(logProbability).toBeCloseTo(expected[each] as number, 9)
      })
    }),
  )
})

it('says -Infinity of what is impossible, also far from 0', () => {
  expect(logProbabilities(Float32Array.of(1000, -Infinity), 1, 0).chosen).toBe(-Infinity)
  expect(logProbabilities(Float32Array.of(1000, 1000), 1, 0).chosen).toBeCloseTo(-Math.LN2, 12)
})
