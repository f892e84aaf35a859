import { createReferenceBackend } from '@octoscale/backend-cpu'
import { describe, expect, it } from 'vitest'
import { reusablePrefix } from './cache.ts'
import { ContextLengthError, DisposedError, OptionError } from './errors.ts'
import type { ForwardOptions, Model } from './model.ts'
import { countAllocations, goldenLogits, loadGolden, relativeError } from './testing/golden.ts'

const name = 'bf16-groups-yarn'

/** Row `i` of logits `[rows, vocabulary]`. */
function row(logits: Float32Array, i: number, model: Model): Float32Array {
  const { vocabularySize } = model.config
  return logits.slice(i * vocabularySize, (i + 1) * vocabularySize)
}

describe('Model.forward', () => {
  it.each([1, 7, 16, 40, 64])('gives the same logits in pieces of %i tokens', async (maxBatch) => {
    const { ids, logits } = await goldenLogits(name)
    const model = await loadGolden(name, createReferenceBackend(), { maxBatch })
    const cache = model.createCache(ids.length)
    const all = await model.forward({ ids, start: 0, cache, logits: 'all' })
    expect(relativeError(all, logits)).toBeLessThanOrEqual(2e-5)
    expect(cache.ids).toEqual(ids)
    const last = await model.forward({ ids, start: 0, cache, logits: 'last' })
    expect(last).toEqual(row(all, ids.length - 1, model))
  })

  it('goes on from what the cache holds, token by token, and can go back', async () => {
    const { ids, logits } = await goldenLogits(name)
    const model = await loadGolden(name, createReferenceBackend(), { maxBatch: 8 })
    const cache = model.createCache()
    await model.forward({ ids: ids.slice(0, 20), start: 0, cache, logits: 'last' })
    for (let i = 20; i < ids.length; i++) {
      const actual = await model.forward({ ids: ids.slice(i, i + 1), start: i, cache, logits: 'last' })
      expect(relativeError(actual, row(logits, i, model))).toBeLessThanOrEqual(2e-5)
    }
    // Other ids from position 5 on, then the true ones again: nothing of the others may remain.
    await model.forward({ ids: [1, 2, 3], start: 5, cache, logits: 'last' })
    expect(cache.ids).toEqual([...ids.slice(0, 5), 1, 2, 3])
    const again = await model.forward({ ids: ids.slice(5), start: 5, cache, logits: 'last' })
    expect(relativeError(again, row(logits, ids.length - 1, model))).toBeLessThanOrEqual(2e-5)
  })

  it('allocates nothing after loading, apart from caches', async () => {
    const counted = countAllocations(createReferenceBackend())
    const model = await loadGolden(name, counted.backend, { maxBatch: 16 })
    const cache = model.createCache()
    const before = counted.allocations()
    const { ids } = await goldenLogits(name)
    await model.forward({ ids, start: 0, cache, logits: 'all' })
    for (let i = 0; i < 100; i++) {
      await model.forward({ ids: [i % 80], start: ids.length + i, cache, logits: 'last' })
    }
    expect(counted.allocations()).toBe(before)
    cache.dispose()
    model.dispose()
    expect(counted.live()).toBe(0)
  })

  it('waits for each piece of a prompt, so that an abort comes between two of them', async () => {
    const backend = createReferenceBackend()
    const stop = new AbortController()
    let reads = 0
    const read: typeof backend.read = async (...range) => {
      reads++
      if (reads === 2) stop.abort()
      return backend.read(...range)
    }
    const model = await loadGolden(name, { ...backend, read }, { maxBatch: 8 })
    const cache = model.createCache()
    const { ids } = await goldenLogits(name)
    expect(ids.length).toBeGreaterThan(24)
    reads = 0
    const { signal } = stop
    await expect(model.forward({ ids, start: 0, cache, logits: 'last', signal })).rejects.toThrow('abort')
    expect(reads).toBe(2)
  })

  it('runs overlapping calls one after the other', async () => {
    const { ids, logits } = await goldenLogits(name)
    const model = await loadGolden(name, createReferenceBackend(), { maxBatch: 4 })
    const caches = [model.createCache(40), model.createCache(40), model.createCache(40)]
    const results = await Promise.all(
      caches.map((cache) => model.forward({ ids, start: 0, cache, logits: 'last' })),
    )
    for (const result of results) {
      expect(relativeError(result, row(logits, ids.length - 1, model))).toBeLessThanOrEqual(2e-5)
    }
  })

  it('refuses tokens over the context, naming both lengths', async () => {
    const model = await loadGolden(name, createReferenceBackend(), { maxContext: 10 })
    const cache = model.createCache()
    const long = model.forward({ ids: Array(11).fill(0), start: 0, cache, logits: 'last' })
    await expect(long).rejects.toThrow(ContextLengthError)
    await expect(long).rejects.toMatchObject({ limit: 10, got: 11 })
    await model.forward({ ids: Array(10).fill(0), start: 0, cache, logits: 'last' })
    const more = model.forward({ ids: [0], start: 10, cache, logits: 'last' })
    await expect(more).rejects.toMatchObject({ limit: 10, got: 11 })
  })

  it.each([
    [{ ids: [] }, 'ids'],
    [{ ids: [3, 80] }, 'ids[1]'],
    [{ ids: [-1] }, 'ids[0]'],
    [{ ids: [0.5] }, 'ids[0]'],
    [{ start: 3 }, 'start'],
    [{ start: -1 }, 'start'],
    [{ start: Number.NaN }, 'start'],
  ] as [Partial<ForwardOptions>, string][])('refuses %o', async (change, option) => {
    const model = await loadGolden(name, createReferenceBackend())
    const cache = model.createCache(20)
    await model.forward({ ids: [5, 6], start: 0, cache, logits: 'last' })
    const result = model.forward({ ids: [1], start: 0, cache, logits: 'last', ...change })
    await expect(result).rejects.toThrow(OptionError)
    await expect(result).rejects.toMatchObject({ option })
    // The next call is not disturbed, and the cache is as it was.
    expect(cache.ids).toEqual([5, 6])
    await model.forward({ ids: [1], start: 2, cache, logits: 'last' })
  })

  it('refuses a cache of another model', async () => {
    const [model, other] = [
      await loadGolden(name, createReferenceBackend()),
      await loadGolden(name, createReferenceBackend()),
    ]
    const result = model.forward({ ids: [1], start: 0, cache: other.createCache(4), logits: 'last' })
    await expect(result).rejects.toMatchObject({ name: 'OptionError', option: 'cache' })
  })

  it('stops between pieces when aborted, keeping what the cache held before', async () => {
    const { ids } = await goldenLogits(name)
    const model = await loadGolden(name, createReferenceBackend(), { maxBatch: 4 })
    const cache = model.createCache()
    await model.forward({ ids: ids.slice(0, 2), start: 0, cache, logits: 'last' })
    const controller = new AbortController()
    const result = model.forward({
      ids: ids.slice(2),
      start: 2,
      cache,
      logits: 'last',
      signal: controller.signal,
    })
    setImmediate(() => controller.abort())
    await expect(result).rejects.toMatchObject({ name: 'AbortError' })
    expect(cache.ids).toEqual(ids.slice(0, 2))
  })

  it('says that model or cache is disposed', async () => {
    const model = await loadGolden(name, createReferenceBackend())
    const [one, two] = [model.createCache(4), model.createCache(4)]
    one.dispose()
    one.dispose()
    await expect(model.forward({ ids: [1], start: 0, cache: one, logits: 'last' })).rejects.toThrow(
      DisposedError,
    )
    model.dispose()
    await expect(model.forward({ ids: [1], start: 0, cache: two, logits: 'last' })).rejects.toThrow(
      DisposedError,
    )
    expect(() => model.createCache()).toThrow(DisposedError)
  })

  it.each([0, 1.5, 1281])('refuses a cache of %d positions', async (capacity) => {
    const model = await loadGolden(name, createReferenceBackend(), { maxContext: 1280 })
    expect(() => model.createCache(capacity)).toThrow(OptionError)
  })
})

describe('reusablePrefix', () => {
  it('is the longest common prefix, short of the last id', async () => {
    const model = await loadGolden(name, createReferenceBackend())
    const cache = model.createCache(20)
    expect(reusablePrefix(cache, [4])).toBe(0)
    await model.forward({ ids: [4, 5, 6], start: 0, cache, logits: 'last' })
    expect(reusablePrefix(cache, [4, 5, 6, 7])).toBe(3)
    expect(reusablePrefix(cache, [4, 5, 6])).toBe(2)
    expect(reusablePrefix(cache, [4, 9, 6])).toBe(1)
    expect(reusablePrefix(cache, [9])).toBe(0)
    cache.reset()
    expect(reusablePrefix(cache, [4, 5])).toBe(0)
  })
})
