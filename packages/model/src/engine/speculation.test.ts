/**
 * Drafts change the number of steps, never the text.
 *
 * Mutations seen red: rows after the last draft used; all tokens chosen by the first row; wrong drafts accepted; rows of the
 * next request taken; drafts beyond maxTokens; the first place of a repetition instead of the last.
 */
import { createReferenceBackend } from '@octoscale/backend-cpu'
import { describe, expect, it } from 'vitest'
import type { Model } from '../model.ts'
import { collect, randomIntegers, sayAlone } from '../testing/engine.ts'
import { loadGolden } from '../testing/golden.ts'
import type { Drafter } from './drafter.ts'
import { createEngine } from './engine.ts'
import { promptLookup } from './prompt-lookup.ts'
import type { EngineRequest } from './request.ts'

const load = (): Promise<Model> =>
  loadGolden('fp8-float-scales', createReferenceBackend(), { maxContext: 64, maxBatch: 16 })

const request = { prompt: [3, 14, 15, 9, 2, 6], stopIds: [], maxTokens: 30 } as const

/** Knows the text: right for a while, then wrong, or too long. */
function oracle(text: readonly number[], right: number, extra: number): Drafter {
  return {
    draft(ids) {
      const known = text.slice(ids.length - request.prompt.length)
      const wrong = ((known[right] ?? 0) + 1) % 72
      return [...known.slice(0, right), ...Array<number>(extra).fill(wrong)]
    },
  }
}

describe('speculative decoding', () => {
  it.each([
    ['greedy', {}],
    ['sampled', { sampling: { temperature: 1.3, topK: 20, seed: 5, frequencyPenalty: 0.3 } }],
    ['with log-probabilities', { logProbabilities: 2 }],
    ['to a stop id', { stopIds: [30, 31, 32, 33, 34, 35, 36] }],
    ['with a thinking budget', { thinking: { end: 20, limit: 5, close: [19, 20, 21] } }],
  ] as [string, Partial<EngineRequest>][])('gives the same events, %s', async (_, more) => {
    const model = await load()
    const expected = await sayAlone(model, { ...request, ...more })
    for (const [right, extra] of [
      [0, 3],
      [1, 0],
      [3, 2],
      [40, 0],
    ] as const) {
      const engine = createEngine(model, { pageSize: 4 })
      const drafter = oracle(expected.ids, right, extra)
      const said = await collect(engine.submit({ ...request, ...more, drafter }))
      const plain = said.tokens.map((token) => ({ ...token, draftedTokens: 0, acceptedTokens: 0 }))
      expect(plain).toEqual(expected.tokens)
      expect(said.tokens.at(-1)).toMatchObject({
        draftedTokens: said.finish.usage.draftedTokens,
        acceptedTokens: said.finish.usage.acceptedTokens,
      })
      const { draftedTokens, acceptedTokens, steps, generatedTokens } = said.finish.usage
      if (!('thinking' in more)) expect(steps + acceptedTokens).toBe(generatedTokens)
      expect(acceptedTokens > 0).toBe(right > 0 && generatedTokens > 1)
      expect(draftedTokens).toBeGreaterThanOrEqual(acceptedTokens)
      expect(engine.status).toMatchObject({ running: 0, usedPages: 0 })
    }
  })

  it('takes as many steps as the accepted length says', async () => {
    const model = await load()
    const { ids } = await sayAlone(model, request)
    const engine = createEngine(model)
    const { finish } = await collect(engine.submit({ ...request, drafter: oracle(ids, 4, 0) }))
    // The prompt's step gives one token, then five at a time.
    expect(finish.usage).toMatchObject({ steps: 7, draftedTokens: 23, acceptedTokens: 23 })
  })

  it('leaves neighbours alone, in little memory too', async () => {
    const model = await load()
    const random = randomIntegers(4)
    const requests = Array.from({ length: 10 }, (_, i) => {
      const prompt = Array.from({ length: 3 + random(9) }, () => random(5))
      const drafter = i % 3 === 0 ? { draft: () => [random(60), random(60)] } : promptLookup({ shortest: 1 })
      return { prompt, stopIds: [], maxTokens: 16, ...(i % 4 === 3 ? {} : { drafter }) }
    })
    const engine = createEngine(model, { pageSize: 4, cacheTokens: 48, maxSequences: 4 })
    const together = await Promise.all(requests.map((each) => collect(engine.submit(each))))
    for (const [i, { prompt }] of requests.entries()) {
      expect(together[i]?.ids).toEqual((await sayAlone(model, { ...request, prompt, maxTokens: 16 })).ids)
    }
    const accepted = together.reduce((sum, { finish }) => sum + finish.usage.acceptedTokens, 0)
    expect(accepted).toBeGreaterThan(0)
    expect(engine.status).toMatchObject({ running: 0, waiting: 0, usedPages: 0 })
  })
})

describe('promptLookup', () => {
  it('gives what followed the same ids before, the longest match and the last place first', () => {
    const { draft } = promptLookup({ length: 3 })
    expect(draft([1, 2, 3, 4, 5, 6, 2, 3], 8)).toEqual([4, 5, 6])
    expect(draft([1, 2, 3, 4, 5, 6, 2, 3], 2)).toEqual([4, 5])
    expect(draft([7, 2, 3, 8, 1, 2, 3, 9, 2, 3], 8)).toEqual([9, 2, 3])
    expect(draft([1, 2, 3, 8, 7, 2, 3, 9, 1, 2, 3], 1)).toEqual([8])
    expect(draft([5, 5, 5, 5], 4)).toEqual([5])
    expect(draft([1, 2, 3], 4)).toEqual([])
    expect(draft([], 4)).toEqual([])
    expect(promptLookup({ shortest: 1 }).draft([4, 7, 4], 4)).toEqual([7, 4])
    expect(promptLookup({ window: 4 }).draft([1, 2, 3, 4, 5, 6, 1, 2], 4)).toEqual([])
  })
})
