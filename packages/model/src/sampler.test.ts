import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OptionError } from './errors.ts'
import { penalise } from './penalties.ts'
import { argmax, candidates, createSampler, greedy, pick } from './sampler.ts'
import type { SamplingOptions } from './sampling-options.ts'

const finite = fc.float({ min: -60, max: 60, noNaN: true })
const logitsOf = fc.array(finite, { minLength: 1, maxLength: 60 }).map((list) => Float32Array.from(list))
const off = { temperature: 1, topK: 0, topP: 1, minP: 0 }
const filters = fc.record({
  temperature: fc.double({ min: 0.05, max: 5, noNaN: true }),
  topK: fc.integer({ min: 0, max: 70 }),
  topP: fc.double({ min: 0.01, max: 1, noNaN: true }),
  minP: fc.double({ min: 0, max: 1, noNaN: true }),
})

/** Softmax in f64, straight from its definition. */
function softmax(logits: Float32Array, temperature: number): number[] {
  const max = Math.max(...logits)
  const weights = [...logits].map((logit) => Math.exp((logit - max) / temperature))
  const total = weights.reduce((a, b) => a + b)
  return weights.map((weight) => weight / total)
}

describe('greedy', () => {
  it('takes the largest logit, the lowest id among equals', () => {
    fc.assert(
      fc.property(logitsOf, (logits) => {
        const id = greedy(logits, [], 0)
        expect(logits[id]).toBe(Math.max(...logits))
        expect(logits.indexOf(logits[id] as number)).toBe(id)
      }),
    )
  })

  it('takes no masked token, and refuses logits that are no numbers', () => {
    expect(argmax(Float32Array.of(-Infinity, -3, -Infinity))).toBe(1)
    expect(() => argmax(Float32Array.of(1, Number.NaN))).toThrow(OptionError)
    expect(() => argmax(Float32Array.of(Infinity, 1))).toThrow(OptionError)
    expect(() => argmax(Float32Array.of(-Infinity))).toThrow(OptionError)
    expect(() => argmax(new Float32Array(0))).toThrow(OptionError)
  })
})

describe('candidates', () => {
  it('is softmax when nothing is filtered', () => {
    fc.assert(
      fc.property(logitsOf, filters, (logits, { temperature }) => {
        const { ids, probabilities } = candidates(logits, { ...off, temperature })
        const expected = softmax(logits, temperature)
        ids.forEach((id, i) => {
          expect(probabilities[i]).toBeCloseTo(expected[id] as number, 12)
        })
        // Only tokens whose probability is too small for f64 may be absent.
        for (const [id, p] of expected.entries()) if (!ids.includes(id)) expect(p).toBe(0)
      }),
    )
  })

  it('keeps probabilities in proportion, adding up to 1, whatever is filtered', () => {
    fc.assert(
      fc.property(logitsOf, filters, (logits, options) => {
        const { ids, probabilities } = candidates(logits, options)
        expect(ids.length).toBeGreaterThan(0)
        expect(new Set(ids).size).toBe(ids.length)
        expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
        const all = softmax(logits, options.temperature)
        const kept = ids.reduce((sum, id) => sum + (all[id] as number), 0)
        ids.forEach((id, i) => {
          expect(probabilities[i]).toBeCloseTo((all[id] as number) / kept, 9)
        })
      }),
    )
  })

  it('keeps the most likely tokens: no kept one is less likely than a dropped one', () => {
    fc.assert(
      fc.property(logitsOf, filters, (logits, options) => {
        const kept = new Set(candidates(logits, options).ids)
        const least = Math.min(...[...kept].map((id) => logits[id] as number))
        for (const [id, logit] of logits.entries())
          if (!kept.has(id)) expect(logit).toBeLessThanOrEqual(least)
      }),
    )
  })

  it('top-k keeps k tokens', () => {
    fc.assert(
      fc.property(logitsOf, fc.integer({ min: 1, max: 70 }), (logits, topK) => {
        const { ids } = candidates(logits, { ...off, temperature: 5, topK })
        expect(ids.length).toBe(Math.min(topK, logits.length))
      }),
    )
  })

  it('top-p keeps the smallest set that reaches p, of what top-k left', () => {
    fc.assert(
      fc.property(logitsOf, filters, (logits, { temperature, topK, topP }) => {
        const before = candidates(logits, { ...off, temperature, topK })
        const { ids } = candidates(logits, { ...off, temperature, topK, topP })
        const sorted = [...before.probabilities].sort((a, b) => b - a)
        const sum = (count: number): number => sorted.slice(0, count).reduce((a, b) => a + b, 0)
        expect(sum(ids.length)).toBeGreaterThanOrEqual(topP - 1e-9)
        if (ids.length > 1) expect(sum(ids.length - 1)).toBeLessThan(topP + 1e-9)
      }),
    )
  })

  it('min-p keeps the tokens that are likely enough', () => {
    fc.assert(
      fc.property(logitsOf, filters, (logits, { temperature, minP }) => {
        const all = softmax(logits, temperature)
        const max = Math.max(...all)
        const { ids } = candidates(logits, { ...off, temperature, minP })
        for (const [id, p] of all.entries()) {
          if (Math.abs(p / max - minP) > 1e-9) expect(ids.includes(id)).toBe(p / max > minP && p > 0)
        }
      }),
    )
  })

  it('never takes a masked token', () => {
    const logits = Float32Array.of(0, -Infinity, 0, -Infinity)
    expect(candidates(logits, off).ids).toEqual([0, 2])
    expect(candidates(logits, { ...off, topK: 4 }).ids).toEqual([0, 2])
  })
})

describe('pick', () => {
  it('gives each candidate its share of [0, 1)', () => {
    const three = { ids: [7, 3, 5], probabilities: [0.5, 0.25, 0.25] }
    expect([0, 0.49, 0.5, 0.74, 0.75, 0.999999].map((u) => pick(three, u))).toEqual([7, 7, 3, 3, 5, 5])
    expect(pick({ ids: [1, 2], probabilities: [0.3, 0.7 - 1e-16] }, 1 - 2 ** -53)).toBe(2)
  })
})

describe('penalise', () => {
  it('makes tokens of the text less likely and leaves the others, without touching the logits', () => {
    const logits = Float32Array.of(2, -2, 0, 4)
    expect([...penalise(logits, [0, 1, 0, 99], 2)]).toEqual([1, -4, 0, 4])
    expect([...logits]).toEqual([2, -2, 0, 4])
    expect(penalise(logits, [0], 1)).toBe(logits)
  })
})

describe('createSampler', () => {
  const logits = Float32Array.from({ length: 50 }, (_, i) => Math.sin(i) * 2)
  const run = (options: SamplingOptions): number[] => {
    const sampler = createSampler(options)
    return Array.from({ length: 40 }, (_, index) => sampler(logits, [], index))
  }

  it('gives the same tokens for the same seed, others for another', () => {
    expect(run({ seed: 5 })).toEqual(run({ seed: 5 }))
    expect(run({ seed: 5 })).not.toEqual(run({ seed: 6 }))
    expect(run({})).not.toEqual(run({}))
  })

  it('is greedy at temperature 0, with the penalty applied', () => {
    expect(new Set(run({ temperature: 0 }))).toEqual(new Set([argmax(logits)]))
    const sampler = createSampler({ temperature: 0, repetitionPenalty: 10 })
    expect(sampler(logits, [argmax(logits)], 0)).not.toBe(argmax(logits))
  })

  it('draws tokens as often as their probability says', () => {
    const two = Float32Array.of(Math.log(0.8), Math.log(0.2))
    const sampler = createSampler({ seed: 1 })
    let ones = 0
    for (let index = 0; index < 10000; index++) ones += sampler(two, [], index)
    // Standard deviation 40; 200 is five of them.
    expect(Math.abs(ones - 2000)).toBeLessThan(200)
  })

  it.each([
    ['temperature', -1],
    ['temperature', Number.NaN],
    ['topK', 1.5],
    ['topK', -1],
    ['topP', 0],
    ['topP', 1.1],
    ['minP', 2],
    ['repetitionPenalty', 0],
    ['seed', -1],
    ['seed', 2 ** 53],
  ] as const)('refuses %s %s', (option, value) => {
    expect(() => createSampler({ [option]: value })).toThrow(OptionError)
    expect(() => createSampler({ [option]: value })).toThrow(`${option} must be `)
  })

  it('takes numbers only, not texts that look like one', () => {
    // @ts-expect-error: a caller without types
    expect(() => createSampler({ temperature: '0.5' })).toThrow('temperature must be a number')
  })
})
