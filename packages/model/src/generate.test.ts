import { createReferenceBackend } from '@octoscale/backend-cpu'
import { describe, expect, it } from 'vitest'
import { ContextLengthError, OptionError } from './errors.ts'
import { type GeneratedToken, type GenerateOptions, generate } from './generate.ts'
import type { ForwardOptions, Model } from './model.ts'
import { createSampler } from './sampler.ts'
import { countAllocations, loadGolden } from './testing/golden.ts'

const name = 'fp8-float-scales'
const prompt = [3, 14, 15, 9, 2, 6]
/** No stop ids: random models say anything. */
const free = { prompt, stopIds: [] }

async function collect(model: Model, options: GenerateOptions): Promise<GeneratedToken[]> {
  const tokens: GeneratedToken[] = []
  for await (const token of generate(model, options)) tokens.push(token)
  return tokens
}

/** Notes the ids and starts of every forward call. */
function spy(model: Model): Pick<ForwardOptions, 'ids' | 'start'>[] {
  const calls: Pick<ForwardOptions, 'ids' | 'start'>[] = []
  const forward = model.forward.bind(model)
  model.forward = (options) => {
    calls.push({ ids: options.ids, start: options.start })
    return forward(options)
  }
  return calls
}

describe('generate', () => {
  it('is greedy by default: each token has the largest logit after the text so far', async () => {
    const model = await loadGolden(name, createReferenceBackend())
    const tokens = await collect(model, { ...free, maxTokens: 12 })
    const text = [...prompt]
    for (const { id } of tokens) {
      const cache = model.createCache(40)
      const logits = await model.forward({ ids: text, start: 0, cache, logits: 'last' })
      expect(id).toBe(logits.indexOf(Math.max(...logits)))
      text.push(id)
    }
    expect(tokens.map(({ index }) => index)).toEqual([...tokens.keys()])
    expect(tokens.map(({ finishReason }) => finishReason)).toEqual([...Array(11).fill(undefined), 'length'])
  })

  it('ends with the stop id', async () => {
    const model = await loadGolden(name, createReferenceBackend())
    const tokens = await collect(model, { ...free, maxTokens: 10 })
    const stop = tokens[4]?.id as number
    const first = tokens.findIndex(({ id }) => id === stop)
    const stopped = await collect(model, { ...free, maxTokens: 10, stopIds: [stop] })
    expect(stopped).toEqual([...tokens.slice(0, first), { id: stop, index: first, finishReason: 'stop' }])
  })

  it('takes the stop ids of the config when none are given', async () => {
    const model = await loadGolden(name, createReferenceBackend())
    const [eos] = model.config.eosTokenIds
    const sampler = (_: Float32Array, __: readonly number[], index: number): number =>
      index === 2 ? (eos as number) : 5
    const tokens = await collect(model, { prompt, sampler })
    expect(tokens.at(-1)).toEqual({ id: eos, index: 2, finishReason: 'stop' })
  })

  it('fills the context to its last position', async () => {
    const model = await loadGolden(name, createReferenceBackend(), { maxContext: 9 })
    const tokens = await collect(model, free)
    // Three more positions, and one token that is chosen but never computed.
    expect(tokens.length).toBe(4)
    expect(tokens.at(-1)?.finishReason).toBe('length')
    expect(await collect(model, { ...free, maxTokens: 100 })).toEqual(tokens)
  })

  it('gives the same text for the same seed, and goes on alike after a stop', async () => {
    const model = await loadGolden(name, createReferenceBackend())
    const sampler = createSampler({ seed: 7, temperature: 1.5 })
    const tokens = await collect(model, { ...free, sampler, maxTokens: 16 })
    const again = await collect(model, {
      ...free,
      sampler: createSampler({ seed: 7, temperature: 1.5 }),
      maxTokens: 16,
    })
    expect(again).toEqual(tokens)
    const other = await collect(model, {
      ...free,
      sampler: createSampler({ seed: 8, temperature: 1.5 }),
      maxTokens: 16,
    })
    expect(other).not.toEqual(tokens)
  })

  it('computes only what the cache does not hold', async () => {
    const model = await loadGolden(name, createReferenceBackend())
    const cache = model.createCache()
    const first = await collect(model, { ...free, cache, maxTokens: 4 })
    const said = first.map(({ id }) => id)
    const next = [...prompt, ...said, 20, 21]
    const calls = spy(model)
    const reused = await collect(model, { prompt: next, stopIds: [], cache, maxTokens: 3 })
    // All of the first turn but its last token, which was never computed.
    const held = prompt.length + said.length - 1
    expect(calls[0]).toEqual({ ids: next.slice(held), start: held })
    expect(calls.slice(1).every(({ ids }) => ids.length === 1)).toBe(true)
    expect(reused).toEqual(await collect(model, { prompt: next, stopIds: [], maxTokens: 3 }))
    // The same prompt again: only its last token.
    calls.length = 0
    await collect(model, { prompt: next, stopIds: [], cache, maxTokens: 1 })
    expect(calls).toEqual([{ ids: next.slice(-1), start: next.length - 1 }])
  })

  it('gives its own cache back, also when the consumer leaves or an error comes', async () => {
    const counted = countAllocations(createReferenceBackend())
    const model = await loadGolden(name, counted.backend)
    const live = counted.live()
    for await (const { index } of generate(model, free)) if (index === 2) break
    expect(counted.live()).toBe(live)
    const sampler = (): number => -1
    await expect(collect(model, { ...free, sampler })).rejects.toThrow(OptionError)
    expect(counted.live()).toBe(live)
  })

  it('refuses a cache that another call is using, and takes it when that one has ended', async () => {
    const model = await loadGolden(name, createReferenceBackend())
    const cache = model.createCache()
    const first = generate(model, { ...free, cache })
    await first.next()
    await expect(collect(model, { ...free, cache })).rejects.toMatchObject({
      name: 'OptionError',
      option: 'cache',
    })
    await first.return()
    expect((await collect(model, { ...free, cache, maxTokens: 2 })).length).toBe(2)
  })

  it('stops between tokens when aborted', async () => {
    const model = await loadGolden(name, createReferenceBackend())
    const controller = new AbortController()
    const seen: number[] = []
    const run = async (): Promise<void> => {
      for await (const { index } of generate(model, { ...free, signal: controller.signal })) {
        seen.push(index)
        if (index === 3) controller.abort()
      }
    }
    await expect(run()).rejects.toMatchObject({ name: 'AbortError' })
    expect(seen).toEqual([0, 1, 2, 3])
    await expect(collect(model, { ...free, signal: AbortSignal.abort() })).rejects.toThrow()
  })

  it('lets timers run between tokens', async () => {
    const model = await loadGolden(name, createReferenceBackend())
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 5)
    await expect(collect(model, { ...free, signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError',
    })
  })

  it('refuses a prompt over the context', async () => {
    const model = await loadGolden(name, createReferenceBackend(), { maxContext: 5 })
    await expect(collect(model, free)).rejects.toThrow(ContextLengthError)
    await expect(collect(model, free)).rejects.toMatchObject({ limit: 5, got: 6 })
  })

  it.each([
    [{ prompt: [] }, 'prompt'],
    [{ maxTokens: 0 }, 'maxTokens'],
    [{ maxTokens: 1.5 }, 'maxTokens'],
    [{ prompt: [72] }, 'ids[0]'],
  ])('refuses %o', async (change, option) => {
    const model = await loadGolden(name, createReferenceBackend())
    await expect(collect(model, { ...free, ...change })).rejects.toMatchObject({
      name: 'OptionError',
      option,
    })
  })
})
