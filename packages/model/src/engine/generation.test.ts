/**
 * From logits to events, without a model.
 *
 * Mutations seen red: log-probabilities of changed logits; stop strings searched in thinking; forced ids after the end; one
 * token too many; held text lost; a budget one too large, or that counts its own closing, or never opens again.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Generation } from './generation.ts'
import type { LogitsProcessor } from './logits-processor.ts'
import type { ChosenToken, EngineRequest } from './request.ts'
import { createStopFilter } from './stop-strings.ts'
import { ThinkingBudget } from './thinking-budget.ts'

const vocabulary = 10
/** Logits that make `id` by far the most likely. */
function sure(id: number): Float32Array {
  return Float32Array.from({ length: vocabulary }, (_, i) => (i === id ? 5 : -i / 10))
}

/** Lets a generation choose `ids` one after the other until it ends; forced ids come between. */
function run(request: Partial<EngineRequest>, ids: readonly number[], stopIds: number[] = [9]) {
  const generation = new Generation({ prompt: [1], ...request }, 100, stopIds)
  const events: ChosenToken[] = []
  for (const id of ids) {
    if (generation.ending !== undefined) break
    events.push(generation.choose(sure(id), [1, ...generation.ids]))
    for (let event = generation.takeForced(); event; event = generation.takeForced()) events.push(event)
  }
  return { generation, events, ids: events.map((event) => event.id), text: events.map(({ text }) => text) }
}
const letters = (id: number): string => 'abcdefghij'[id] as string

describe('Generation', () => {
  it('ends with a stop id, whose text is not given', () => {
    const { generation, events } = run({ decode: letters }, [1, 2, 9, 3])
    expect(events.map(({ id, text }) => [id, text])).toEqual([
      [1, 'b'],
      [2, 'c'],
      [9, ''],
    ])
    expect(generation.ending).toEqual({ reason: 'stop', stop: undefined, text: '' })
    expect(generation.left).toBe(0)
  })

  it('ends at maxTokens, and gives then what it held back', () => {
    const { generation, text } = run({ maxTokens: 2, decode: letters, stop: ['cd'] }, [1, 2, 3])
    expect(text).toEqual(['b', ''])
    expect(generation.ending).toEqual({ reason: 'length', stop: undefined, text: 'c' })
  })

  it('ends with a stop string that straddles tokens, and gives nothing of it', () => {
    const { generation, text } = run({ decode: letters, stop: ['xx', 'cde'] }, [2, 2, 3, 4, 5])
    expect(text).toEqual(['', 'c', '', ''])
    expect(generation.ending).toEqual({ reason: 'stop', stop: 'cde', text: '' })
  })

  it('gives log-probabilities of the model, whatever a processor or the sampler makes of them', () => {
    const processor: LogitsProcessor = {
      process: (logits) => {
        logits[5] = -Infinity
      },
    }
    const { events } = run(
      { logProbabilities: 2, processor, sampling: { temperature: 0, logitBias: { 3: 50 } } },
      [5],
    )
    const [event] = events
    const logits = [...sure(5)]
    const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0))
    expect(event?.id).toBe(3)
    expect(event?.logProbabilities?.chosen).toBeCloseTo((logits[3] as number) - total, 6)
    expect(event?.logProbabilities?.top.map(({ id }) => id)).toEqual([5, 0])
    expect(event?.logProbabilities?.top[0]?.logProbability).toBeCloseTo(5 - total, 6)
    expect(run({ logProbabilities: 0 }, [5]).events[0]?.logProbabilities?.top).toEqual([])
    expect(run({}, [5]).events[0]?.logProbabilities).toBeUndefined()
  })

  it('asks a processor before each token and tells it of each, forced ones too', () => {
    const log: string[] = []
    const processor: LogitsProcessor = {
      process: (_, ids) => void log.push(`process ${ids.join()}`),
      accept: (id) => void log.push(`accept ${id}`),
      forced: () => (log.length === 2 ? [7, 8] : []),
    }
    const { ids } = run({ processor }, [1, 2, 3])
    expect(ids).toEqual([1, 7, 8, 3])
    expect(log).toEqual(['process ', 'accept 1', 'accept 7', 'accept 8', 'process 1,7,8', 'accept 3'])
  })

  it('stops forcing where the text ends', () => {
    const processor: LogitsProcessor = { process: () => {}, forced: () => [9, 8, 7] }
    expect(run({ processor }, [1]).ids).toEqual([9])
    expect(run({ processor, maxTokens: 2, stopIds: [] }, [1]).ids).toEqual([9, 8])
  })
})

describe('a thinking budget', () => {
  const open = { end: 8 }

  it('counts thinking, without markers', () => {
    const { generation, events } = run({ thinking: open }, [1, 2, 8, 3, 4])
    expect(generation.thinkingTokens).toBe(2)
    expect(events.map(({ thinking }) => thinking)).toEqual([true, true, true, false, false])
    const later = run({ thinking: { start: 7, end: 8 } }, [1, 7, 2, 3, 8, 4])
    expect(later.generation.thinkingTokens).toBe(2)
    expect(later.events.map(({ thinking }) => thinking)).toEqual([false, true, true, true, true, false])
  })

  it('closes the block when it is full, and lets the model go on', () => {
    const thinking = { ...open, limit: 3, close: [6, 8, 5] }
    const { ids, generation } = run({ thinking }, [1, 2, 3, 4, 4, 4])
    expect(ids).toEqual([1, 2, 3, 6, 8, 5, 4, 4])
    expect(generation.thinkingTokens).toBe(3)
    // Asked for anew with a second block.
    const twice = run({ thinking: { start: 7, end: 8, limit: 1 } }, [7, 1, 1, 7, 2])
    expect(twice.ids).toEqual([7, 1, 8, 7, 8])
  })

  it('does nothing when the model ends its thinking in time', () => {
    expect(run({ thinking: { ...open, limit: 3 } }, [1, 2, 8, 4, 4, 4, 4]).ids).toEqual([1, 2, 8, 4, 4, 4, 4])
    expect(run({ thinking: { ...open, limit: 0 } }, [1, 2]).ids).toEqual([8, 2])
  })

  it('does not search thinking for stop strings', () => {
    const { text } = run({ thinking: open, decode: letters, stop: ['c'] }, [2, 8, 1, 2])
    expect(text).toEqual(['c', 'i', 'b', ''])
  })

  it('refuses a limit or a closing text that is none', () => {
    expect(() => new ThinkingBudget({ end: 1, limit: -1 })).toThrow('thinking.limit must be')
    expect(() => new ThinkingBudget({ end: 1, close: [2] })).toThrow('thinking.close must be')
  })
})

describe('createStopFilter', () => {
  it('gives the text before the first stop string, however it is cut, and no sooner than is safe', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 30 })
    const stops = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 3,
    })
    fc.assert(
      fc.property(text, stops, fc.array(fc.integer({ min: 1, max: 4 })), (whole, ends, cuts) => {
        const filter = createStopFilter(ends)
        let given = ''
        let stopped = false
        for (let at = 0, i = 0; at < whole.length && !stopped; i++) {
          const piece = whole.slice(at, at + (cuts[i % Math.max(cuts.length, 1)] ?? 1))
          at += piece.length
          const { text: safe, stop } = filter.push(piece)
          given += safe
          stopped = stop !== undefined
          // What is held back could still become a stop string.
          const held = whole.slice(given.length, at)
          if (!stopped) expect(held === '' || ends.some((end) => end.startsWith(held))).toBe(true)
        }
        if (!stopped) given += filter.finish()
        // A stop string counts as soon as it is complete: the earliest beginning among those complete by then.
        const first = Math.min(...ends.map((end) => whole.indexOf(end)).map((at) => (at < 0 ? Infinity : at)))
        expect(stopped).toBe(first < Infinity)
        if (!stopped) expect(given).toBe(whole)
        else {
          expect(ends.some((end) => whole.startsWith(end, given.length))).toBe(true)
          expect(given.length).toBeGreaterThanOrEqual(first)
        }
      }),
    )
  })
})
