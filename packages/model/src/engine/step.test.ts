/**
 * One forward pass for several sequences against one for each.
 *
 * Whatever else is in the batch, a token gets the same bits. Attention on the CPU sums in blocks of 64 positions inside of a
 * page: with pages of 64 as without pages, with other pages up to 2.2e-6 away from it.
 *
 * Mutations seen red: pages not copied, or copied onto themselves; slots not written; the length of `nextIds` not checked.
 */
import { createReferenceBackend, createWasmBackend } from '@octoscale/backend-cpu'
import { openCheckpoint } from '@octoscale/tensor'
import { fileFolder } from '@octoscale/tensor/node'
import { describe, expect, it } from 'vitest'
import { cacheTypes } from '../cache-type.ts'
import { parseConfig } from '../config/parse-config.ts'
import { DisposedError } from '../errors.ts'
import { loadModel } from '../load-model.ts'
import type { Model } from '../model.ts'
import { backends, randomIntegers } from '../testing/engine.ts'
import { goldenNames, loadGolden, readJson, relativeError } from '../testing/golden.ts'

/** Logits after the last id of each text: texts in one cache, `pieces[i]` of them computed in step i. */
async function lastLogits(
  model: Model,
  texts: readonly number[][],
  sizes: { pageSize: number; prefill: number; together: boolean },
): Promise<Float32Array[]> {
  const { pageSize, prefill, together } = sizes
  const pagesPerText = Math.ceil(64 / pageSize)
  const pages = pagesPerText * texts.length
  const cache = model.createPagedCache({ pages, pageSize, slots: texts.length })
  // Pages in an order that no text has for itself.
  const page = (slot: number, i: number): number => i * texts.length + ((slot * 5 + i) % texts.length)
  texts.forEach((_, slot) => {
    cache.setPages(
      slot,
      0,
      Int32Array.from({ length: pagesPerText }, (_, i) => page(slot, i)),
    )
  })
  const result: Float32Array[] = []
  const run = async (parts: { slot: number; start: number; end: number }[]): Promise<void> => {
    const tokens = parts.flatMap(({ slot, start, end }) =>
      Array.from({ length: end - start }, (_, i) => ({ slot, position: start + i })),
    )
    const lists = {
      ids: Int32Array.from(tokens, ({ slot, position }) => texts[slot]?.[position] as number),
      positions: Int32Array.from(tokens, ({ position }) => position),
      slots: Int32Array.from(tokens, ({ slot }) => slot),
    }
    const isLast = ({ slot, position }: (typeof tokens)[0]): boolean => position + 1 === texts[slot]?.length
    const wanted = [...tokens.keys()].filter((i) => isLast(tokens[i] as (typeof tokens)[0]))
    const logits = await model.step({ cache, ...lists, rows: Int32Array.from(wanted) })
    const { vocabularySize } = model.config
    wanted.forEach((i, row) => {
      const { slot } = tokens[i] as (typeof tokens)[0]
      result[slot] = logits.slice(row * vocabularySize, (row + 1) * vocabularySize)
    })
  }
  const pieces = texts.map((text, slot) => {
    const all: { slot: number; start: number; end: number }[] = []
    for (let start = 0; start < text.length; start += start === 0 ? prefill : 1) {
      all.push({ slot, start, end: Math.min(text.length, start + (start === 0 ? prefill : 1)) })
    }
    return all
  })
  const steps = Math.max(...pieces.map(({ length }) => length))
  for (let step = 0; step < steps; step++) {
    const now = pieces.flatMap((all) => all.slice(step, step + 1))
    if (together) await run(now)
    else for (const piece of now) await run([piece])
  }
  cache.dispose()
  return result
}

const random = randomIntegers(99)
const textsOf = (vocabulary: number): number[][] =>
  [9, 14, 3, 22, 12, 1].map((length) => Array.from({ length }, () => random(vocabulary)))

describe.each(goldenNames)('%s', (name) => {
  it.each(backends)('is the same alone and together on $name', async (backend) => {
    const model = await loadGolden(name, await backend.create(), { maxContext: 64 })
    const texts = textsOf(model.config.vocabularySize)
    const bound = backend.name === 'reference' ? 0 : 5e-6
    for (const sizes of [
      { pageSize: 64, prefill: 64 },
      { pageSize: 4, prefill: 5 },
    ]) {
      const together = await lastLogits(model, texts, { ...sizes, together: true })
      const alone = await lastLogits(model, texts, { ...sizes, together: false })
      for (const [i, text] of texts.entries()) {
        const logits = together[i] as Float32Array
        expect(relativeError(logits, alone[i] as Float32Array)).toBe(0)
        const cache = model.createCache()
        const plain = await model.forward({ ids: text, start: 0, cache, logits: 'last' })
        expect(relativeError(logits, plain)).toBeLessThanOrEqual(bound)
      }
    }
  })
})

const everyCache = backends.flatMap((backend) => cacheTypes.map((cacheType) => ({ ...backend, cacheType })))
it.each(everyCache)('copies a page of $cacheType with all its layers on $name', async (backend) => {
  const { cacheType } = backend
  const model = await loadGolden('fp8-float-scales', await backend.create(), { maxContext: 64, cacheType })
  const cache = model.createPagedCache({ pages: 4, pageSize: 16, slots: 2 })
  const [text = []] = textsOf(model.config.vocabularySize)
  cache.setPages(0, 0, Int32Array.of(2))
  cache.setPages(1, 0, Int32Array.of(0))
  const run = (slot: number, start: number, end: number, copies?: { from: number; to: number }[]) => {
    const positions = Int32Array.from({ length: end - start }, (_, i) => start + i)
    const ids = positions.map((at) => text[at] as number)
    const rows = Int32Array.of(end - start - 1)
    return model.step({ cache, ids, positions, slots: ids.map(() => slot), rows, copies })
  }
  await run(0, 0, 7)
  const copied = await run(1, 7, 9, [{ from: 2, to: 0 }])
  expect(copied).toEqual(await run(0, 7, 9))
  // The page it was copied from is as it was.
  await run(0, 7, 9)
  await run(1, 3, 8)
  expect(await run(0, 7, 9)).toEqual(copied)
  cache.dispose()
  cache.dispose()
})

it('refuses steps that name what is not there', async () => {
  const model = await loadGolden('fp8-ue8m0', createReferenceBackend(), { maxContext: 32, maxBatch: 4 })
  const cache = model.createPagedCache({ pages: 2, pageSize: 16, slots: 1 })
  const good = { cache, ids: [1, 2], positions: [0, 1], slots: [0, 0], rows: [1] }
  const bad: [Partial<Record<'ids' | 'positions' | 'slots' | 'rows', number[]>>, string][] = [
    [{ ids: [1, 1e6] }, 'ids[1] must be'],
    [{ ids: [1, 2, 3, 4, 5] }, 'ids must be at most 4 tokens'],
    [{ positions: [0, 32] }, 'positions[1] must be'],
    [{ positions: [0] }, 'of length 2'],
    [{ slots: [0, 1] }, 'slots[1] must be'],
    [{ rows: [2] }, 'rows[0] must be'],
  ]
  for (const [change, message] of bad) {
    const { ids, positions, slots, rows } = { ...good, ...change }
    const lists = [ids, positions, slots, rows].map((list) => Int32Array.from(list)) as [
      Int32Array,
      Int32Array,
      Int32Array,
      Int32Array,
    ]
    const step = model.step({ cache, ids: lists[0], positions: lists[1], slots: lists[2], rows: lists[3] })
    await expect(step).rejects.toThrow(message)
  }
  expect(() => model.createPagedCache({ pages: 0, pageSize: 4, slots: 1 })).toThrow('pages must be')
  cache.dispose()
  const { ids, rows } = { ids: Int32Array.of(1), rows: Int32Array.of(0) }
  await expect(model.step({ cache, ids, positions: rows, slots: rows, rows })).rejects.toThrow(DisposedError)
})

it('predicts one token further only with the layer for it, and checks what it is told', async () => {
  const without = await loadGolden('fp8-ue8m0', createReferenceBackend(), { maxContext: 32 })
  const one = Int32Array.of(1)
  const zero = Int32Array.of(0)
  const stepOf = (model: Model) => ({
    cache: model.createPagedCache({ pages: 1, pageSize: 8, slots: 1 }),
    ids: one,
    positions: zero,
    slots: zero,
    rows: zero,
  })
  const next = { nextIds: one, rows: zero }
  await expect(without.stepAndPredict(stepOf(without), () => next)).rejects.toThrow('mtp must be true')
  const folder = new URL('../../../octo-tiny/model', import.meta.url).pathname
  const model = await loadModel({
    config: parseConfig(await readJson(`${folder}/config.json`)),
    checkpoint: await openCheckpoint(fileFolder(folder)),
    backend: await createWasmBackend(),
    mtp: true,
  })
  expect([model.hasMtp, without.hasMtp]).toEqual([true, false])
  const { vocabularySize } = model.config
  const seen: number[] = []
  const further = await model.stepAndPredict(stepOf(model), (logits) => {
    seen.push(logits.length)
    return next
  })
  expect([...seen, further.length]).toEqual([vocabularySize, vocabularySize])
  const bad = [
    [{ nextIds: Int32Array.of(1, 2), rows: zero }, 'nextIds must be of length 1'],
    [{ nextIds: Int32Array.of(-1), rows: zero }, 'nextIds[0] must be'],
    [{ nextIds: one, rows: one }, 'rows[0] must be'],
  ] as const
  for (const [answer, message] of bad) {
    await expect(model.stepAndPredict(stepOf(model), () => answer)).rejects.toThrow(message)
  }
})
