/**
 * Mutations seen red: prompts counted; presence and frequency exchanged; the caller's logits changed.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adjust } from './penalties.ts'
import { createSampler } from './sampler.ts'
import { checkSampling } from './sampling-options.ts'

const settingsOf = fc.record({
  presencePenalty: fc.double({ min: -2, max: 2, noNaN: true }),
  frequencyPenalty: fc.double({ min: -2, max: 2, noNaN: true }),
  repetitionPenalty: fc.constantFrom(1, 1.5),
  logitBias: fc.dictionary(
    fc.integer({ min: 0, max: 7 }).map(String),
    fc.double({ min: -100, max: 100, noNaN: true }),
  ),
})

describe('adjust', () => {
  it('is bias, then repetition, then what was generated, by their formulas', () => {
    const ids = fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 12 })
    const logitsOf = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(logitsOf, ids, ids, settingsOf, (list, prompt, generated, options) => {
        const logits = Float32Array.from(list)
        const text = [...prompt, ...generated]
        const actual = adjust(logits, text, generated.length, checkSampling(options))
        expect([...logits]).toEqual([...Float32Array.from(list)])
        for (let id = 0; id < 8; id++) {
          let expected = Math.fround((logits[id] as number) + (options.logitBias[id] ?? 0))
          if (text.includes(id))
            expected *= expected > 0 ? 1 / options.repetitionPenalty : options.repetitionPenalty
          const count = generated.filter((each) => each === id).length
          if (count > 0) expected -= options.presencePenalty + count * options.frequencyPenalty
          expect(actual[id]).toBeCloseTo(expected, 3)
        }
      }),
    )
  })

  it('copies nothing when there is nothing to do', () => {
    const logits = Float32Array.of(1, 2)
    expect(adjust(logits, [0, 1], 1, checkSampling({}))).toBe(logits)
  })

  it('does not change the logits it is given', () => {
    const logits = Float32Array.of(1, 2)
    expect([...adjust(logits, [0], 1, checkSampling({ presencePenalty: 1 }))]).toEqual([0, 2])
    expect([...logits]).toEqual([1, 2])
  })

  it('leaves what is forbidden forbidden', () => {
    const logits = Float32Array.of(-Infinity, 2)
    const settings = checkSampling({ logitBias: { 0: 1000 }, frequencyPenalty: -2 })
    expect(adjust(logits, [0], 1, settings)[0]).toBe(-Infinity)
  })
})

describe('createSampler', () => {
  it('forbids and forces by bias', () => {
    const logits = Float32Array.of(5, 4, 3)
    expect(createSampler({ temperature: 0, logitBias: { 0: -100 } })(logits, [], 0)).toBe(1)
    expect(createSampler({ temperature: 0, logitBias: { 2: 100 } })(logits, [], 0)).toBe(2)
    const sampler = createSampler({ logitBias: { 3: 1 } })
    expect(() => sampler(logits, [], 0)).toThrow('logitBias must be of ids in 0 .. 2')
  })

  it('counts generated tokens only', () => {
    const sampler = createSampler({ temperature: 0, presencePenalty: 2 })
    const logits = Float32Array.of(5, 4)
    expect(sampler(logits, [0, 0, 0], 0)).toBe(0)
    expect(sampler(logits, [1, 0], 1)).toBe(1)
  })

  it.each([
    [{ presencePenalty: 2.1 }, 'presencePenalty'],
    [{ frequencyPenalty: Number.NaN }, 'frequencyPenalty'],
    [{ logitBias: { '-1': 1 } }, 'logitBias'],
    [{ logitBias: { x: 1 } }, 'logitBias'],
    [{ logitBias: { 1: Number.POSITIVE_INFINITY } }, 'logitBias[1]'],
  ])('refuses %o', (options, option) => {
    expect(() => createSampler(options as object)).toThrow(`${option} must be `)
  })
})
