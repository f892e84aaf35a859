/**
 * Models from GGUF files: the logits of transformers from the values that the file stands for.
 *
 * Mutations seen red: halves for llama; divisors of the file ignored, multiplied by; every expert read as the first, of floats and
 * of blocks; up and gate exchanged; norm_topk_prob false for qwen3moe; value_length not looked at; stored bytes counted as f32.
 */
import { createReferenceBackend, createWasmBackend } from '@octoscale/backend-cpu'
import { type GgufFile, type GgufValue, openCheckpoint, openGguf } from '@octoscale/tensor'
import { describe, expect, it, test } from 'vitest'
import { parseGgufConfig } from './config/gguf-config.ts'
import { readModelConfig } from './config/read-model-config.ts'
import { CheckpointError, ConfigError, UnsupportedArchitectureError } from './errors.ts'
import { loadModel } from './load-model.ts'
import type { Model } from './model.ts'
import { decodeFloat32, goldenPath, readJson, relativeError } from './testing/golden.ts'

const path = (name: string): string => goldenPath(`gguf/${name}.gguf`)

async function load(
  name: string,
  create: typeof createReferenceBackend | typeof createWasmBackend,
): Promise<Model> {
  const checkpoint = await openCheckpoint(path(name))
  const config = await readModelConfig(checkpoint)
  return loadModel({ config, checkpoint, backend: await create() })
}

describe.each(['llama-f32', 'llama-scaled-tied', 'qwen2-tied', 'qwen3-moe-f32', 'qwen3-moe-fp8'])(
  '%s',
  (name) => {
    it.each([
      ['reference', createReferenceBackend],
      ['wasm', createWasmBackend],
    ] as const)('has the logits of transformers on %s', async (_, create) => {
      const golden = (await readJson(goldenPath(`gguf/${name}.json`))) as {
        ids: number[]
        logitsBase64: string
      }
      const model = await load(name, create)
      const cache = model.createCache()
      const actual = await model.forward({ ids: golden.ids, start: 0, cache, logits: 'all' })
      expect(relativeError(actual, decodeFloat32(golden.logitsBase64))).toBeLessThanOrEqual(1e-5)
    })
  },
)

test.each(['split/qwen2-tied-00001-of-00003', 'split-empty-first/qwen2-tied-00001-of-00004'])(
  '%s: a model in parts',
  async (first) => {
    const golden = (await readJson(goldenPath('gguf/qwen2-tied.json'))) as {
      ids: number[]
      logitsBase64: string
    }
    const model = await load(first, createWasmBackend)
    const actual = await model.forward({
      ids: golden.ids,
      start: 0,
      cache: model.createCache(),
      logits: 'all',
    })
    expect(relativeError(actual, decodeFloat32(golden.logitsBase64))).toBeLessThanOrEqual(1e-5)
  },
)

describe('a GGUF file', () => {
  it('says what is held as codes', async () => {
    const { integerCodes, dequantized } = (await load('qwen2-tied', createReferenceBackend)).info
    // Of each layer all matrices but ffn_down, whose rows are no whole blocks; and the embedding.
    const tensors = 2 * 6 + 1
    const elements = 2 * (4 * 32 * 32 + 2 * 44 * 32) + 48 * 32
    // Q8_0: 34 bytes for 32 values; here 32 codes and a scale.
    expect(integerCodes).toEqual({ tensors, storedBytes: (elements / 32) * 34, bytes: (elements / 32) * 36 })
    expect(dequantized.tensors).toBe(0)
    expect((await load('llama-f32', createReferenceBackend)).info.integerCodes.tensors).toBe(0)
  })

  it('is told apart by its architecture, and refused with its own keys', async () => {
    const file = await openGguf(path('llama-f32'))
    const changed = (
      changes: Record<string, GgufValue | undefined>,
    ): Pick<GgufFile, 'name' | 'metadata' | 'tensors'> => {
      const metadata = new Map(file.metadata)
      for (const [key, value] of Object.entries(changes)) {
        if (value === undefined) metadata.delete(key)
        else metadata.set(key, value)
      }
      return { name: 'changed.gguf', metadata, tensors: file.tensors }
    }
    const parse = (changes: Record<string, GgufValue | undefined>) => (): unknown =>
      parseGgufConfig(changed(changes))
    expect(parse({ 'general.architecture': 'gemma3' })).toThrow(UnsupportedArchitectureError)
    expect(parse({ 'general.architecture': 'toString' })).toThrow(UnsupportedArchitectureError)
    expect(parse({ 'general.architecture': undefined })).toThrow(UnsupportedArchitectureError)
    for (const [change, key] of [
      [{ 'llama.block_count': undefined }, 'llama.block_count'],
      [{ 'llama.block_count': 2n ** 60n }, 'llama.block_count'],
      [{ 'llama.attention.head_count_kv': new Int32Array([2, 1]) }, 'llama.attention.head_count_kv'],
      [{ 'llama.attention.head_count_kv': 3 }, 'llama.attention.head_count_kv'],
      [{ 'llama.rope.dimension_count': 4 }, 'llama.rope.dimension_count'],
      [{ 'llama.attention.value_length': 16 }, 'llama.attention.value_length'],
      [{ 'llama.expert_count': 8 }, 'llama.expert_count'],
      [{ 'llama.attention.sliding_window': 4096 }, 'llama.attention.sliding_window'],
      [{ 'llama.rope.scaling.type': 'longrope' }, 'rope_scaling.rope_type'],
    ] as const) {
      expect(parse(change)).toThrow(ConfigError)
      expect(parse(change)).toThrow(`changed.gguf: ${key} must be`)
    }
    expect(parse({ 'llama.rope.scaling.type': 'none' })()).toEqual(parseGgufConfig(file))
    const twoEnds = parse({ 'tokenizer.ggml.eot_token_id': 5 })()
    expect(twoEnds).toMatchObject({ eosTokenIds: [1, 5] })
  })

  it('with tensors that do not fit its metadata is refused before anything is allocated', async () => {
    const checkpoint = await openCheckpoint(path('llama-f32'))
    const config = await readModelConfig(checkpoint)
    const backend = createReferenceBackend()
    const wrong = { ...config, intermediateSize: 45 }
    await expect(loadModel({ config: wrong, checkpoint, backend })).rejects.toThrow(CheckpointError)
    const fewer = { ...config, layers: 1 }
    await expect(loadModel({ config: fewer, checkpoint, backend })).rejects.toThrow('model.layers.1.')
  })
})
