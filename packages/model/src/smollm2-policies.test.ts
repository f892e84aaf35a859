/**
 * What the policies cost on a real model: SmolLM2-135M-Instruct, its matrices in E4M3 with blocks of 128 x 128, the likeliest token
 * of `fp8` and `int8` against that of `exact` along 257 tokens of prose (forced decoding). A model so small is unsure of most
 * words: where policies choose another token, `exact` had both close together.
 *
 * Mutations seen red: no rounding of activations.
 */
import { createWasmBackend } from '@octoscale/backend-cpu'
import type { Policy } from '@octoscale/tensor'
import { expect, test } from 'vitest'
import { loadModel } from './load-model.ts'
import { goldenPath, readJson } from './testing/golden.ts'
import { smollm2Absent, smollm2InFp8 } from './testing/smollm2.ts'

const positions = 257
/**
 * Agreement: 0.938 and 0.911 measured. 0.99 is out of reach of `fp8`, whose rounding is DeepSeek's, for a model that never saw it; what
 * keeps `int8` from it is said in docs/numerics.md.
 */
const least = { fp8: 0.92, int8: 0.89 }

test('fp8 and int8 choose the tokens of exact, or one almost as likely', {
  timeout: 240_000,
}, async ({ skip }) => {
  skip(smollm2Absent !== undefined, smollm2Absent)
  const { prose } = (await readJson(goldenPath('smollm2-q4.json'))) as { prose: number[] }
  const ids = prose.slice(0, positions)
  const model = await smollm2InFp8()
  const rows = async (policy: Policy): Promise<Float32Array[]> => {
    const backend = await createWasmBackend({ policy })
    const loaded = await loadModel({ ...model, backend, maxContext: positions, maxBatch: 64 })
    const logits = await loaded.forward({ ids, start: 0, cache: loaded.createCache(), logits: 'all' })
    backend.dispose()
    const width = model.config.vocabularySize
    return ids.map((_, at) => logits.subarray(at * width, (at + 1) * width))
  }
  const exact = await rows('exact')
  for (const policy of ['fp8', 'int8'] as const) {
    const rounded = await rows(policy)
    /** By how much the token of `exact` was likelier to it than that of the policy, in logits. */
    const gaps = exact.map((row, at) => {
      const other = likeliest(rounded[at] as Float32Array)
      return (row[likeliest(row)] as number) - (row[other] as number)
    })
    const differ = gaps.filter((gap) => gap > 0)
    // Not the same numbers: 16 and 23 of 257 when this was written.
    expect(differ.length, policy).toBeGreaterThan(0)
    expect(1 - differ.length / positions, policy).toBeGreaterThan(least[policy])
    // Where exact was sure by a logit, all are.
    expect(Math.max(...differ), policy).toBeLessThan(1)
  }
  const sure = exact.filter((row) => isSure(row))
  expect(sure.length).toBeGreaterThan(90)
})

/** The likeliest token is ahead of all others by a logit. */
function isSure(row: Float32Array): boolean {
  const first = likeliest(row)
  return row.every((value, id) => id === first || (row[first] as number) - value > 1)
}

function likeliest(row: Float32Array): number {
  return row.reduce((best, value, i) => (value > (row[best] as number) ? i : best), 0)
}
