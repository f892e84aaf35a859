/**
 * The same logits as transformers, on every backend that runs here. Metric: `max |a - b| / max |b|` over all
 * positions and the whole vocabulary (`relativeError`).
 */
import { createReferenceBackend, createWasmBackend } from '@octoscale/backend-cpu'
import { openCheckpoint } from '@octoscale/tensor'
import { fileFolder } from '@octoscale/tensor/node'
import { describe, expect, it } from 'vitest'
import { parseConfig } from './config/parse-config.ts'
import { loadModel } from './load-model.ts'
import {
  type GoldenName,
  goldenJson,
  goldenLogits,
  goldenNames,
  goldenPath,
  loadGolden,
  relativeError,
} from './testing/golden.ts'

/** transformers itself sums in f32: its own rounding is most of what is seen here, 2e-6 to 8e-6. */
const bound = 2e-5

const backends = [
  { name: 'reference', create: createReferenceBackend },
  { name: 'wasm', create: createWasmBackend },
]

describe.each(goldenNames)('%s', (name) => {
  it.each(backends)('has the logits of transformers on $name, in three pieces', async ({ create }) => {
    const { ids, logits } = await goldenLogits(name)
    const model = await loadGolden(name, await create(), { maxBatch: 16 })
    const actual = await model.forward({ ids, start: 0, cache: model.createCache(), logits: 'all' })
    expect(relativeError(actual, logits)).toBeLessThanOrEqual(bound)
  })

  it.each(backends)('has them on $name token by token', async ({ create }) => {
    const { ids, logits } = await goldenLogits(name)
    const model = await loadGolden(name, await create(), { maxBatch: 1 })
    const actual = await model.forward({ ids, start: 0, cache: model.createCache(), logits: 'all' })
    expect(relativeError(actual, logits)).toBeLessThanOrEqual(bound)
  })
})

/** What a wrong value in config.json does to the logits: the golden data would show it. */
describe('the golden data notice a wrong', () => {
  const rope = (change: Record<string, unknown>) => (json: Record<string, unknown>) => {
    const key = 'rope_scaling' in json ? 'rope_scaling' : 'rope_parameters'
    return { [key]: { ...(json[key] as Record<string, unknown>), ...change } }
  }
  const set = (change: Record<string, unknown>) => (): Record<string, unknown> => change

  it.each<[string, GoldenName, (json: Record<string, unknown>) => Record<string, unknown>]>([
    ['rope_theta', 'bf16-no-query-rank', set({ rope_theta: 600 })],
    ['routed_scaling_factor', 'bf16-no-query-rank', set({ routed_scaling_factor: 1.4 })],
    ['norm_topk_prob', 'bf16-no-query-rank', set({ norm_topk_prob: true })],
    ['rms_norm_eps', 'bf16-groups-yarn', set({ rms_norm_eps: 1e-5 })],
    ['topk_group', 'bf16-groups-yarn', set({ topk_group: 2 })],
    ['n_group', 'fp8-float-scales', set({ n_group: 2, topk_group: 1 })],
    ['num_experts_per_tok', 'fp8-float-scales', set({ num_experts_per_tok: 3 })],
    ['YaRN factor', 'bf16-groups-yarn', rope({ factor: 30 })],
    ['YaRN original length', 'bf16-groups-yarn', rope({ original_max_position_embeddings: 4096 })],
    ['YaRN beta_fast', 'fp8-ue8m0', rope({ beta_fast: 2 })],
    ['YaRN mscale_all_dim', 'bf16-groups-yarn', rope({ mscale: 0, mscale_all_dim: 0 })],
    ['YaRN mscale', 'fp8-ue8m0', rope({ mscale: 1 })],
    ['absence of YaRN', 'bf16-groups-yarn', set({ rope_scaling: null })],
  ])('%s', async (_, name, change) => {
    const json = await goldenJson(name)
    const config = parseConfig({ ...json, ...change(json) })
    const checkpoint = await openCheckpoint(fileFolder(goldenPath(name)))
    const model = await loadModel({ config, checkpoint, backend: createReferenceBackend() })
    const { ids, logits } = await goldenLogits(name)
    const actual = await model.forward({ ids, start: 0, cache: model.createCache(40), logits: 'all' })
    expect(relativeError(actual, logits)).toBeGreaterThan(1e-3)
  })
})
