/**
 * The embedded model on wasm: all its golden texts at once, with reuse, drafts and little memory, are what transformers
 * says. Near ties are cut off the golden texts, so the last bits that differ between batches cannot show.
 */
import { createWasmBackend } from '@octoscale/backend-cpu'
import { openCheckpoint } from '@octoscale/tensor'
import { fileFolder } from '@octoscale/tensor/node'
import { expect, it } from 'vitest'
import { parseConfig } from '../config/parse-config.ts'
import { loadModel } from '../load-model.ts'
import { collect } from '../testing/engine.ts'
import { goldenPath, readJson } from '../testing/golden.ts'
import { createEngine } from './engine.ts'
import { promptLookup } from './prompt-lookup.ts'

const folder = new URL('../../../octo-tiny/model', import.meta.url).pathname
const { texts } = (await readJson(goldenPath('octo-tiny-greedy.json'))) as {
  texts: { kind: string; ids: number[]; generated: number[] }[]
}

it('says 50 texts of transformers at once, id by id, with drafts and in little memory', async () => {
  const config = parseConfig(await readJson(`${folder}/config.json`))
  const checkpoint = await openCheckpoint(fileFolder(folder))
  const model = await loadModel({ config, checkpoint, backend: await createWasmBackend() })
  const longest = Math.max(...texts.map(({ ids, generated }) => ids.length + generated.length))
  const engine = createEngine(model, { cacheTokens: 2 * longest, pageSize: 16, maxSequences: 16 })
  const said = await Promise.all(
    texts.map(({ ids, generated }, i) =>
      collect(
        engine.submit({
          prompt: ids,
          maxTokens: Math.max(generated.length, 1),
          ...(i % 2 === 0 ? { drafter: promptLookup() } : {}),
        }),
      ),
    ),
  )
  for (const [i, { kind, generated }] of texts.entries()) {
    expect(said[i]?.ids.slice(0, generated.length), kind).toEqual(generated)
  }
  const total = (key: 'cachedTokens' | 'acceptedTokens' | 'preemptions'): number =>
    said.reduce((sum, { finish }) => sum + finish.usage[key], 0)
  for (const key of ['cachedTokens', 'acceptedTokens', 'preemptions'] as const) {
    expect(total(key), key).toBeGreaterThan(0)
  }
  expect(engine.status).toMatchObject({ running: 0, waiting: 0, usedPages: 0 })
  engine.dispose()
}, 300_000)
