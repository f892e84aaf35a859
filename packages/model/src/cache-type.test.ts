/**
 * Caches of fewer bytes.
 *
 * Mutations seen red: every cache allocated as f32; groups of 128 across the rotary key.
 */
import { fileURLToPath } from 'node:url'
import { createWasmBackend } from '@octoscale/backend-cpu'
import { isBlockScaled, openCheckpoint } from '@octoscale/tensor'
import { fileFolder } from '@octoscale/tensor/node'
import { expect, it } from 'vitest'
import { type CacheType, rowLayout } from './cache-type.ts'
import { parseConfig } from './config/parse-config.ts'
import { OptionError } from './errors.ts'
import { loadModel } from './load-model.ts'
import { goldenPath, readJson } from './testing/golden.ts'

/**
 * Signal to noise of all logits in dB: what PyTorch has (docs/numerics.md), 3 dB either way. Few positions, where another expert
 * is chosen, make most of the noise, and the texts are not the same: 44.0, 36.2 and 22.0 measured here.
 */
const expectedNoise: Readonly<Record<Exclude<CacheType, 'f32'>, number>> = {
  f16: 44.7,
  bf16: 33.8,
  fp8: 21.7,
}

const folder = fileURLToPath(new URL('../../octo-tiny/model', import.meta.url))

it('costs octo-tiny what it costs in PyTorch', { timeout: 120_000 }, async () => {
  const { texts } = (await readJson(goldenPath('octo-tiny-greedy.json'))) as {
    texts: { ids: number[]; generated: number[] }[]
  }
  const config = parseConfig(await readJson(`${folder}/config.json`))
  const checkpoint = await openCheckpoint(fileFolder(folder))
  const logits = async (cacheType: CacheType): Promise<Float32Array[]> => {
    const backend = await createWasmBackend()
    const model = await loadModel({ config, checkpoint, backend, maxContext: 512, cacheType })
    expect(model.info.cacheType).toBe(cacheType)
    const cache = model.createCache()
    expect(cache.bytes).toBe(512 * model.info.cacheBytesPerToken)
    const taken = cache.tensors.flatMap((each) => (isBlockScaled(each) ? [each.codes, each.scales] : [each]))
    expect(taken.reduce((sum, { buffer }) => sum + buffer.bytes, 0)).toBe(cache.bytes)
    const result: Float32Array[] = []
    for (const text of texts) {
      const ids = [...text.ids, ...text.generated].slice(0, 300)
      result.push(await model.forward({ ids, start: 0, cache, logits: 'all' }))
    }
    backend.dispose()
    return result
  }
  const exact = await logits('f32')
  for (const type of ['f16', 'bf16', 'fp8'] as const) {
    const rounded = await logits(type)
    let signal = 0
    let noise = 0
    for (const [i, values] of exact.entries()) {
      for (const [at, value] of values.entries()) {
        signal += value ** 2
        noise += (value - (rounded[i]?.[at] as number)) ** 2
      }
    }
    const decibels = 10 * Math.log10(signal / noise)
    expect(Math.abs(decibels - expectedNoise[type]), `${type}: ${decibels} dB`).toBeLessThan(3)
  }
})

it('lets no scale reach from one part of a row into the next', () => {
  const group = (shape: readonly number[], part: number): number | undefined =>
    rowLayout({ shape, part }, 'fp8').group
  // V3.1: four groups of the latent, one of the rotary key.
  expect(group([576], 512)).toBe(128)
  expect(rowLayout({ shape: [576], part: 512 }, 'f16')).toEqual({
    dtype: 'f16',
    bytes: 1152,
    group: undefined,
  })
  // A scale for each head; two for wide ones.
  expect([group([3, 64], 64), group([8, 80], 80), group([8, 256], 256)]).toEqual([64, 80, 128])
})

it('refuses rows that are no whole words', () => {
  for (const type of ['f16', 'bf16', 'fp8'] as const) {
    expect(() => rowLayout({ shape: [21], part: 15 }, type)).toThrow(OptionError)
  }
  expect(() => rowLayout({ shape: [2, 6], part: 6 }, 'fp8')).toThrow('cacheType must be f32')
  expect(rowLayout({ shape: [21], part: 15 }, 'f32').bytes).toBe(84)
})
