/**
 * A thousand steps of decoding leave nothing behind: JavaScript's heap and memory outside of it are as large as before.
 *
 * Mutations seen red: logits of every step kept; a buffer allocated in every step and not freed.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createWasmBackend } from '@octoscale/backend-cpu'
import { openCheckpoint } from '@octoscale/tensor'
import { fileFolder } from '@octoscale/tensor/node'
import { expect, test } from 'vitest'
import { parseConfig } from './config/parse-config.ts'
import { createEngine } from './engine/engine.ts'
import { loadModel } from './load-model.ts'
import { collect } from './testing/engine.ts'
import { readJson } from './testing/golden.ts'

const folder = new URL('../../octo-tiny/model', import.meta.url).pathname

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Bytes of the heap, and of array buffers and WebAssembly's memory. */
async function memoryInUse(): Promise<{ heap: number; outside: number }> {
  // Finalizers run between tasks.
  for (let i = 0; i < 3; i++) {
    collectGarbage()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const { heapUsed, external } = process.memoryUsage()
  return { heap: heapUsed, outside: external }
}

const kB = 1000

test.each([1, 2])('with %i threads', { timeout: 120_000 }, async (threads) => {
  const config = parseConfig(await readJson(`${folder}/config.json`))
  const backend = await createWasmBackend({ threads })
  const checkpoint = await openCheckpoint(fileFolder(folder))
  const model = await loadModel({ config, checkpoint, backend, maxContext: 256 })
  const cache = model.createCache()
  const engine = createEngine(model, { maxSequences: 4 })
  const steps = async (count: number): Promise<void> => {
    for (let step = 0; step < count; step++) {
      const start = cache.ids.length === cache.capacity ? 0 : cache.ids.length
      await model.forward({ ids: [3 + (step % 1000)], start, cache, logits: 'last' })
    }
    for (let made = 0; made < count; made += 100) {
      const texts = Array.from({ length: 2 }, (_, i) =>
        collect(engine.submit({ prompt: [5, 6, made, i], maxTokens: 50, stopIds: [] })),
      )
      await Promise.all(texts)
    }
  }
  // Until code is compiled and the prefix cache is full.
  await steps(1000)
  const before = await memoryInUse()
  await steps(1000)
  const after = await memoryInUse()
  // Measured: -100 to 0 kB. A buffer in each step would be 220 kB of handles.
  expect(after.heap - before.heap).toBeLessThan(60 * kB)
  expect(after.outside - before.outside).toBeLessThan(60 * kB)
  engine.dispose()
  backend.dispose()
})
