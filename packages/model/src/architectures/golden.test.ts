/**
 * Every architecture gives the logits of transformers and chooses its experts: at once, token by token, several texts in one
 * ragged batch through pages, on every backend that runs here. Metric: `relativeError`, over all positions and the vocabulary.
 *
 * Mutations seen red: paging not passed to attention, to writeLatent; keys not normed; no bias of values, of the output;
 * best-two for V2; sigmoid for Qwen; rms_norm_eps inside latent attention; sparse step off by one; halves of eh_proj exchanged;
 * hidden state not normed again; cache of layer 0 for MTP; one cache pair for all layers.
 */
import { createReferenceBackend, createWasmBackend } from '@octoscale/backend-cpu'
import {
  type Backend,
  createWorkspace,
  openCheckpoint,
  readFloat32,
  type WorkspacePlan,
  writeTensor,
} from '@octoscale/tensor'
import { fileFolder } from '@octoscale/tensor/node'
import { describe, expect, it } from 'vitest'
import { allocateCache } from '../cache.ts'
import { parseConfig } from '../config/parse-config.ts'
import { loadModel } from '../load-model.ts'
import type { Model } from '../model.ts'
import {
  type ArchitectureGolden,
  type ArchitectureName,
  architectureGolden,
  architectureNames,
  architecturePath,
  type GoldenSequence,
  loadNetwork,
} from '../testing/architecture-golden.ts'
import { relativeError } from '../testing/golden.ts'
import { mtpLogits } from '../testing/mtp-logits.ts'
import { watchRouting } from '../testing/watch-routing.ts'

/** transformers itself sums in f32: its own rounding is most of what is seen here, at most 4.6e-6. */
const bound = 1e-5

const backends = [
  { name: 'reference', create: createReferenceBackend },
  { name: 'wasm', create: createWasmBackend },
]

async function load(name: ArchitectureName, json: unknown, backend: Backend, maxBatch = 16): Promise<Model> {
  const checkpoint = await openCheckpoint(fileFolder(architecturePath(name)))
  return loadModel({ config: parseConfig(json), checkpoint, backend, maxBatch })
}

async function logitsOf(model: Model, { ids }: GoldenSequence): Promise<Float32Array> {
  return model.forward({ ids: [...ids], start: 0, cache: model.createCache(), logits: 'all' })
}

describe.each(backends)('on $name', ({ create }) => {
  it.each(architectureNames)(
    '%s has the logits of transformers, in pieces and token by token',
    async (name) => {
      const { json, sequences } = await architectureGolden(name)
      for (const maxBatch of [16, 1]) {
        const model = await load(name, json, await create(), maxBatch)
        for (const sequence of sequences) {
          expect(relativeError(await logitsOf(model, sequence), sequence.logits)).toBeLessThanOrEqual(bound)
        }
      }
    },
  )

  it.each(architectureNames)('%s has them in a ragged batch through pages', async (name) => {
    const golden = await architectureGolden(name)
    const actual = await raggedLogits(name, golden, await create())
    for (const [i, { logits }] of golden.sequences.entries()) {
      expect(relativeError(actual[i] as Float32Array, logits)).toBeLessThanOrEqual(bound)
    }
  })

  it.each(architectureNames)('%s chooses the experts that transformers chooses', async (name) => {
    const { json, sequences, routing } = await architectureGolden(name)
    const { backend, chosen } = watchRouting(await create())
    const model = await load(name, json, backend, 64)
    await logitsOf(model, sequences[0] as GoldenSequence)
    expect(await Promise.all(chosen)).toEqual(routing)
  })

  it.each(['deepseek-v3-mtp-f32', 'deepseek-v3-mtp-fp8'] as const)(
    '%s predicts the token after the next',
    async (name) => {
      const golden = await architectureGolden(name)
      const expected = golden.mtpLogits as Float32Array
      // At once, and in pieces through the layer's cache.
      for (const piece of [25, 7, 1]) {
        const { ids } = golden.sequences[0] as GoldenSequence
        const actual = await mtpLogits(name, golden.config, ids, await create(), piece)
        expect(relativeError(actual, expected)).toBeLessThanOrEqual(bound)
      }
    },
  )
})

const limits = { contextLength: 64, batch: 64, logitRows: 64, cacheType: 'f32' as const }

/** All sequences in one step, their cache rows in pages of 4 dealt out backwards and interleaved. */
async function raggedLogits(
  name: ArchitectureName,
  { config, sequences }: ArchitectureGolden,
  backend: Backend,
): Promise<Float32Array[]> {
  const network = await loadNetwork(name, config, backend, limits)
  const [pageSize, maxPages] = [4, 7]
  const tokens = sequences.flatMap(({ ids }, s) => ids.map((id, position) => ({ id, position, s })))
  const plan: WorkspacePlan = {
    ...network.workspace,
    sequences: { dtype: 'i32', shape: [limits.batch] },
    pages: { dtype: 'i32', shape: [sequences.length, maxPages] },
  }
  const workspace = createWorkspace(backend, plan)
  const count = tokens.length
  const fill = (tensor: string, values: readonly number[]): void =>
    writeTensor(backend, workspace.take(tensor, values.length), Int32Array.from(values))
  fill(
    'ids',
    tokens.map(({ id }) => id),
  )
  fill(
    'positions',
    tokens.map(({ position }) => position),
  )
  fill(
    'sequences',
    tokens.map(({ s }) => s),
  )
  fill(
    'rows',
    tokens.map((_, row) => row),
  )
  const pageTable = workspace.take('pages', sequences.length)
  const total = sequences.length * maxPages
  const numbers = Int32Array.from({ length: total }, (_, i) => total - 1 - ((i * 5) % total))
  writeTensor(backend, pageTable, numbers)
  const caches = allocateCache(backend, network.cache, total * pageSize, limits.cacheType)
  const paging = { sequences: workspace.take('sequences', count), pages: pageTable, pageSize }
  const step = { ops: backend.ops, workspace, tokens: count, caches, paging }
  network.forward(step)
  network.head(step, count)
  const logits = await readFloat32(backend, workspace.take('logits', count))
  const width = config.vocabularySize
  let row = 0
  return sequences.map(({ ids }) => {
    const first = row
    row += ids.length
    return logits.slice(first * width, row * width)
  })
}

/** What a wrong value in config.json does to the logits: the golden data would show it. */
describe('the golden data notice a wrong', () => {
  const rope = (change: Record<string, unknown>) => (json: Record<string, unknown>) => ({
    rope_scaling: { ...(json.rope_scaling as Record<string, unknown>), ...change },
  })
  const set = (change: Record<string, unknown>) => (): Record<string, unknown> => change

  it.each<[string, ArchitectureName, (json: Record<string, unknown>) => Record<string, unknown>]>([
    ['rope_theta', 'llama-f32', set({ rope_theta: 1100 })],
    ['rms_norm_eps', 'moonlight-f32', set({ rms_norm_eps: 1e-6 })],
    ['Llama 3 factor', 'llama-scaled-tied', rope({ factor: 7 })],
    ['Llama 3 low_freq_factor', 'llama-scaled-tied', rope({ low_freq_factor: 1.5 })],
    ['Llama 3 high_freq_factor', 'llama-scaled-tied', rope({ high_freq_factor: 8 })],
    ['Llama 3 original length', 'llama-scaled-tied', rope({ original_max_position_embeddings: 128 })],
    ['linear factor', 'llama-bias-fp8', rope({ factor: 3 })],
    ['YaRN attention_factor', 'qwen3-yarn-tied', rope({ attention_factor: 1 })],
    ['YaRN factor', 'qwen2-yarn-fp8', rope({ factor: 4 })],
    ['YaRN mscale_all_dim', 'kimi-k2', rope({ mscale_all_dim: 0.5 })],
    ['V2 mscale_all_dim', 'deepseek-v2-lite', rope({ mscale: 0, mscale_all_dim: 0 })],
    ['norm_topk_prob', 'qwen3-moe-f32', set({ norm_topk_prob: false })],
    ['num_experts_per_tok', 'qwen3-moe-fp8', set({ num_experts_per_tok: 2 })],
    ['routed_scaling_factor', 'deepseek-v2-groups', set({ routed_scaling_factor: 1 })],
    ['topk_method', 'deepseek-v2-groups', set({ topk_method: 'greedy' })],
    ['topk_group', 'deepseek-v2-groups', set({ topk_group: 3 })],
  ])('%s', async (_, name, change) => {
    const { json, sequences } = await architectureGolden(name)
    const model = await load(name, { ...json, ...change(json) }, createReferenceBackend())
    const sequence = sequences[0] as GoldenSequence
    expect(relativeError(await logitsOf(model, sequence), sequence.logits)).toBeGreaterThan(1e-3)
  })
})
