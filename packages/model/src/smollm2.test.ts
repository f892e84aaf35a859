/**
 * Real weights: SmolLM2-135M-Instruct from GGUF says what llama.cpp says, greedily, after each of 10 prompts, up to 64 tokens, id by
 * id. What llama.cpp said is in golden/smollm2.json (tooling/fixtures/model/make-smollm2.ts), so that it is not needed here. It was
 * given the same numbers widened to F32: with Q4_1 weights it rounds activations to 8 bits, and 7 of the 10 texts part.
 *
 * Mutations seen red: keys and values of GGUF exchanged, values of a head rotated in halves.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createWasmBackend } from '@octoscale/backend-cpu'
import { openCheckpoint } from '@octoscale/tensor'
import { expect, test } from 'vitest'
import { readModelConfig } from './config/read-model-config.ts'
import { generate } from './generate.ts'
import { loadModel } from './load-model.ts'
import type { Model } from './model.ts'
import { goldenPath, readJson } from './testing/golden.ts'

const cached = '../../../node_modules/.cache/octoscale/SmolLM2-135M-Instruct.Q4_1.gguf'
const path = process.env.OCTOSCALE_SMOLLM2 ?? fileURLToPath(new URL(cached, import.meta.url))
const REASON = 'the file is absent: run python tooling/fixtures/gguf/fetch_smollm2.py (98 MB)'

interface Golden {
  readonly texts: readonly { readonly prompt: string; readonly ids: number[]; readonly generated: number[] }[]
}

/** Our greedy choice after each prefix of their text. As long as all are theirs, our text is theirs. */
async function choices(
  model: Model,
  ids: readonly number[],
  generated: readonly number[],
): Promise<number[]> {
  const cache = model.createCache()
  const text = [...ids, ...generated.slice(0, -1)]
  const logits = await model.forward({ ids: text, start: 0, cache, logits: 'all' })
  cache.dispose()
  const width = model.config.vocabularySize
  return generated.map((_, at) => {
    const row = logits.subarray((ids.length - 1 + at) * width, (ids.length + at) * width)
    return row.reduce((best, value, i) => (value > (row[best] as number) ? i : best), 0)
  })
}

test('SmolLM2 says what llama.cpp says, greedily', { timeout: 240_000 }, async ({ skip }) => {
  skip(!existsSync(path), REASON)
  const golden = (await readJson(goldenPath('smollm2.json'))) as Golden
  const checkpoint = await openCheckpoint(path)
  const config = await readModelConfig(checkpoint)
  const backend = await createWasmBackend()
  const model = await loadModel({ config, checkpoint, backend, maxContext: 256, maxBatch: 64 })
  const { dequantized, parameters } = model.info
  expect(parameters).toBe(134_515_008)
  expect(dequantized).toEqual({ tensors: 211, storedBytes: 96_436_224, bytes: 537_919_488 })
  expect(golden.texts).toHaveLength(10)
  for (const { prompt, ids, generated } of golden.texts) {
    expect(await choices(model, ids, generated), prompt).toEqual(generated)
  }
  // And token by token, as it is used.
  const [first] = golden.texts as [Golden['texts'][number]]
  const said: number[] = []
  for await (const { id } of generate(model, { prompt: first.ids, maxTokens: 64 })) said.push(id)
  expect(said).toEqual(first.generated)
  backend.dispose()
})
