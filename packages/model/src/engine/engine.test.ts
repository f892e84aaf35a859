/**
 * Requests with real (small, random) models: what one says depends on nothing but itself.
 *
 * Mutations seen red: positions from 0 in each piece; only the last page written to the table; a table row written from its
 * start; `abort` or a consumer who leaves not heard; an error of one request thrown to all; pages kept after a step failed.
 */
import { createReferenceBackend, createWasmBackend } from '@octoscale/backend-cpu'
import { describe, expect, it } from 'vitest'
import { type CacheType, cacheTypes } from '../cache-type.ts'
import { ContextLengthError, DisposedError } from '../errors.ts'
import { generate } from '../generate.ts'
import type { Model } from '../model.ts'
import { collect, randomIntegers, type Said, sayAlone } from '../testing/engine.ts'
import { countAllocations, loadGolden } from '../testing/golden.ts'
import { createEngine, type Engine, type EngineOptions } from './engine.ts'
import { QueueFullError } from './errors.ts'
import type { EngineRequest } from './request.ts'

const name = 'fp8-float-scales'
const load = (cacheType: CacheType = 'f32'): Promise<Model> =>
  loadGolden(name, createReferenceBackend(), { maxContext: 64, maxBatch: 16, cacheType })
const prompt = [3, 14, 15, 9, 2, 6]
const free = { prompt, stopIds: [] } as const

/** Requests of all kinds, that often begin alike. */
function someRequests(seed: number, count: number, vocabulary: number): EngineRequest[] {
  const random = randomIntegers(seed)
  const shared = Array.from({ length: 20 }, () => random(vocabulary))
  return Array.from({ length: count }, (_, i) => {
    const own = Array.from({ length: 1 + random(12) }, () => random(vocabulary))
    const sampling = { temperature: 1.2, topP: 0.9, seed: i, repetitionPenalty: 1.1, presencePenalty: 0.5 }
    return {
      prompt: [...shared.slice(0, random(3) * 10), ...own],
      maxTokens: 1 + random(20),
      stopIds: [],
      ...(random(2) === 0 ? {} : { sampling }),
    }
  })
}

function assertIdle(engine: Engine): void {
  const { running, waiting, usedPages } = engine.status
  expect({ running, waiting, usedPages }).toEqual({ running: 0, waiting: 0, usedPages: 0 })
}

const ids = (said: readonly Said[]): number[][] => said.map((each) => each.ids)

describe('createEngine', () => {
  it('says what generate() says', async () => {
    const model = await load()
    const expected: number[] = []
    for await (const { id } of generate(model, { ...free, maxTokens: 20 })) expected.push(id)
    const engine = createEngine(model)
    const said = await collect(engine.submit({ ...free, maxTokens: 20 }))
    expect(said.ids).toEqual(expected)
    expect(said.tokens.map(({ index }) => index)).toEqual([...expected.keys()])
    expect(said.finish).toMatchObject({ reason: 'length', text: '', stop: undefined })
    expect(said.finish.usage).toMatchObject({
      promptTokens: 6,
      cachedTokens: 0,
      generatedTokens: 20,
      steps: 20,
      draftedTokens: 0,
      preemptions: 0,
    })
    expect(said.finish.usage.firstTokenMilliseconds).toBeGreaterThan(0)
    expect(said.finish.usage.tokensPerSecond).toBeGreaterThan(0)
    assertIdle(engine)
  })

  it.each([
    ['room for all', { cacheTokens: 4096 }],
    ['small pages', { pageSize: 4, maxSequences: 6 }],
    ['memory for two: preempted, computed again', { pageSize: 4, cacheTokens: 64, maxSequences: 6 }],
    ['no reuse', { pageSize: 4, cacheTokens: 80, reusePrefixes: false }],
    ['one at a time', { pageSize: 3, maxSequences: 1 }],
  ] as [string, EngineOptions][])('says the same to everyone, together or alone: %s', async (_, options) => {
    const model = await load()
    const requests = someRequests(7, 16, model.config.vocabularySize)
    const engine = createEngine(model, options)
    const together = await Promise.all(requests.map((request) => collect(engine.submit(request))))
    const alone: Said[] = []
    for (const request of requests) alone.push(await sayAlone(model, request))
    expect(ids(together)).toEqual(ids(alone))
    assertIdle(engine)
    const total = (key: 'cachedTokens' | 'preemptions'): number =>
      together.reduce((sum, { finish }) => sum + finish.usage[key], 0)
    if ('pageSize' in options) expect(total('cachedTokens') > 0).toBe(!('reusePrefixes' in options))
    if ((options.cacheTokens ?? 1e9) < 100) expect(total('preemptions')).toBeGreaterThan(0)
  })

  it.each(cacheTypes)('says the same to everyone with a cache of %s', async (cacheType) => {
    const model = await load(cacheType)
    const requests = someRequests(9, 12, model.config.vocabularySize)
    const engine = createEngine(model, { pageSize: 4, cacheTokens: 64, maxSequences: 6 })
    const together = await Promise.all(requests.map((request) => collect(engine.submit(request))))
    const alone: Said[] = []
    for (const request of requests) alone.push(await sayAlone(model, request))
    expect(ids(together)).toEqual(ids(alone))
    expect(together.some(({ finish }) => finish.usage.cachedTokens > 0)).toBe(true)
    expect(together.some(({ finish }) => finish.usage.preemptions > 0)).toBe(true)
    assertIdle(engine)
  })

  it('says the same to everyone on wasm, where only the last bits of numbers may differ', async () => {
    const model = await loadGolden(name, await createWasmBackend(), { maxContext: 64, maxBatch: 16 })
    const requests = someRequests(8, 24, model.config.vocabularySize)
    const engine = createEngine(model, { pageSize: 4, cacheTokens: 80 })
    const together = await Promise.all(requests.map((request) => collect(engine.submit(request))))
    const alone: Said[] = []
    for (const request of requests) alone.push(await sayAlone(model, request))
    expect(ids(together)).toEqual(ids(alone))
    assertIdle(engine)
  })

  it('computes only what the cache does not hold, turn by turn, and says the same', async () => {
    const model = await load()
    const engine = createEngine(model, { pageSize: 4 })
    let text: number[] = [...prompt]
    for (let turn = 0; turn < 4; turn++) {
      const request = { prompt: text, stopIds: [], maxTokens: 7 }
      const said = await collect(engine.submit(request))
      expect(said.ids).toEqual((await sayAlone(model, request)).ids)
      // All of the last turn but its last token, which was never computed.
      expect(said.finish.usage.cachedTokens).toBe(turn === 0 ? 0 : text.length - 3)
      text = [...text, ...said.ids, turn, turn + 1]
    }
    const before = engine.status.steps
    const again = await collect(engine.submit({ prompt: text.slice(0, 20), stopIds: [], maxTokens: 1 }))
    expect(again.finish.usage.cachedTokens).toBe(19)
    expect(engine.status.steps - before).toBe(1)
  })

  it('is left clean by a cancel at any step, and others do not notice', async () => {
    const model = await load()
    const neighbour = { prompt: [3, 14, 15, 9, 7], stopIds: [], maxTokens: 12 }
    const expected = (await sayAlone(model, neighbour)).ids
    for (let stop = 0; stop < 14; stop++) {
      const engine = createEngine(model, { pageSize: 4, cacheTokens: 64 })
      const controller = new AbortController()
      const cancelled = collect(
        engine.submit({ prompt: Array(30).fill(5), stopIds: [], maxTokens: 20, signal: controller.signal }),
      )
      const failed = expect(cancelled).rejects.toMatchObject({ name: 'AbortError' })
      const other = collect(engine.submit(neighbour))
      while (engine.status.steps < stop) await new Promise((resolve) => setImmediate(resolve))
      controller.abort()
      // At once, not after the step that is under way.
      expect(engine.status.running + engine.status.waiting).toBeLessThanOrEqual(1)
      await failed
      expect((await other).ids).toEqual(expected)
      assertIdle(engine)
      engine.dispose()
    }
  })

  it('begins with what the cache held of the prompt', async () => {
    const engine = createEngine(await load(), { pageSize: 4 })
    await collect(engine.submit({ ...free, maxTokens: 4 }))
    const first = await engine.submit({ ...free, maxTokens: 4 }).next()
    expect(first.value).toEqual({ type: 'start', promptTokens: 6, cachedTokens: 5 })
  })

  it('ends a request whose consumer leaves the loop', async () => {
    const engine = createEngine(await load(), { pageSize: 4 })
    for await (const event of engine.submit(free)) if (event.type === 'token' && event.index === 3) break
    assertIdle(engine)
    // It had not come far: nobody goes on for a consumer who has left.
    const { steps } = engine.status
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(engine.status.steps).toBeLessThanOrEqual(steps + 1)
  })

  it('ends a request alone when its own function throws', async () => {
    const model = await load()
    const engine = createEngine(model, { pageSize: 4 })
    const wrong = (what: string) => () => {
      throw new TypeError(what)
    }
    const good = collect(engine.submit({ ...free, maxTokens: 9 }))
    const bad: [EngineRequest, string][] = [
      [{ ...free, sampling: wrong('sampler') }, 'sampler'],
      [{ ...free, sampling: () => -1 }, 'the sampler must be an id'],
      [{ ...free, processor: { process: wrong('processor') } }, 'processor'],
      [{ ...free, processor: { process: (logits) => void logits.fill(-Infinity) } }, 'logits'],
      [{ ...free, decode: wrong('decode') }, 'decode'],
      [{ ...free, drafter: { draft: wrong('drafter') } }, 'drafter'],
      [{ ...free, drafter: { draft: () => [1e6] } }, 'the drafter must be ids'],
    ]
    await Promise.all(
      bad.map(([request, message]) => expect(collect(engine.submit(request))).rejects.toThrow(message)),
    )
    expect((await good).ids).toEqual((await sayAlone(model, { ...free, maxTokens: 9 })).ids)
    assertIdle(engine)
  })

  it('goes on after a step that the backend could not do', async () => {
    const backend = createReferenceBackend()
    let broken = false
    const read: typeof backend.read = async (...range) => {
      if (broken) throw new RangeError('lost')
      return backend.read(...range)
    }
    const model = await loadGolden(name, { ...backend, read }, { maxContext: 64 })
    const engine = createEngine(model, { pageSize: 4, maxSequences: 2 })
    const first = [collect(engine.submit(free)), collect(engine.submit(free))]
    const waiting = collect(engine.submit({ ...free, maxTokens: 3 }))
    while (engine.status.steps < 3) await new Promise((resolve) => setImmediate(resolve))
    broken = true
    await Promise.all(first.map((each) => expect(each).rejects.toThrow('lost')))
    // What the pages held is not known any more.
    expect(engine.status.idlePages).toBe(0)
    broken = false
    expect((await waiting).ids.length).toBe(3)
    assertIdle(engine)
  })

  it('gives its memory back, and allocates none while it runs', async () => {
    const counted = countAllocations(createReferenceBackend())
    const model = await loadGolden(name, counted.backend, { maxContext: 64 })
    const live = counted.live()
    const engine = createEngine(model, { pageSize: 4 })
    const allocations = counted.allocations()
    const requests = someRequests(3, 6, model.config.vocabularySize)
    await Promise.all(requests.map((request) => collect(engine.submit(request))))
    expect(counted.allocations()).toBe(allocations)
    const pending = expect(collect(engine.submit(free))).rejects.toThrow(DisposedError)
    engine.dispose()
    engine.dispose()
    await pending
    expect(counted.live()).toBe(live)
    expect(() => engine.submit(free)).toThrow(DisposedError)
  })

  it('says what does not fit', async () => {
    const model = await load()
    const engine = createEngine(model, { pageSize: 4, cacheTokens: 32, maxSequences: 1, maxWaiting: 1 })
    expect(() => engine.submit({ prompt: Array(33).fill(1) })).toThrow(ContextLengthError)
    expect(() => engine.submit({ prompt: [] })).toThrow('prompt must be')
    expect(() => engine.submit({ prompt: [1, 72] })).toThrow('prompt[1] must be')
    expect(() => engine.submit({ ...free, stop: ['x'] })).toThrow('decode must be')
    expect(() => engine.submit({ ...free, maxTokens: 0 })).toThrow('maxTokens must be')
    expect(() => engine.submit({ ...free, signal: AbortSignal.abort() })).toThrow('abort')
    const all = [1, 2].map(() => collect(engine.submit(free)))
    expect(() => engine.submit(free)).toThrow(QueueFullError)
    for (const each of all) expect((await each).finish.reason).toBe('length')
    // 32 positions, and one token that is chosen but never computed.
    expect((await all[0])?.ids.length).toBe(27)
    expect(() => createEngine(model, { maxSequences: 17 })).toThrow(
      'maxSequences must be an integer in 1 .. 16',
    )
    expect(() => createEngine(model, { pageSize: 65 })).toThrow('pageSize must be')
  })
})
