/** The embedded model says what transformers says with the same weights (tooling/fixtures/model/make_octo_tiny.py). */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createReferenceBackend, createWasmBackend } from '@octoscale/backend-cpu'
import { type Backend, openCheckpoint } from '@octoscale/tensor'
import { fileFolder } from '@octoscale/tensor/node'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseConfig } from './config/parse-config.ts'
import { generate } from './generate.ts'
import { loadModel } from './load-model.ts'
import type { Model } from './model.ts'
import { decodeFloat32, goldenPath, readJson, relativeError } from './testing/golden.ts'

interface GoldenText {
  readonly kind: string
  readonly ids: number[]
  readonly generated: number[]
  readonly end: 'stop' | 'length' | 'near-tie'
}
interface Golden {
  readonly modelSha256: string
  readonly texts: GoldenText[]
  readonly logits: { readonly ids: number[]; readonly logitsBase64: string }[]
}

const folder = new URL('../../octo-tiny/model', import.meta.url).pathname
const { texts } = (await readJson(goldenPath('octo-tiny-greedy.json'))) as Golden
const { logits, modelSha256 } = (await readJson(goldenPath('octo-tiny-logits.json'))) as Golden

async function loadOctoTiny(backend: Backend): Promise<Model> {
  const config = parseConfig(await readJson(`${folder}/config.json`))
  return loadModel({ config, checkpoint: await openCheckpoint(fileFolder(folder)), backend })
}

/** The ids that greedy decoding gives, as many as the golden text has at most. */
async function say(model: Model, { ids, generated }: GoldenText): Promise<number[]> {
  const said: number[] = []
  const options = { prompt: ids, maxTokens: Math.max(generated.length, 1) }
  for await (const { id } of generate(model, options)) said.push(id)
  return said.slice(0, generated.length)
}

async function logitErrors(model: Model, prompts: Golden['logits']): Promise<number[]> {
  const errors: number[] = []
  for (const { ids, logitsBase64 } of prompts) {
    const cache = model.createCache(ids.length)
    const actual = await model.forward({ ids, start: 0, cache, logits: 'last' })
    errors.push(relativeError(actual, decodeFloat32(logitsBase64)))
    cache.dispose()
  }
  return errors
}

beforeAll(async () => {
  const actual = createHash('sha256')
    .update(await readFile(`${folder}/model.safetensors`))
    .digest('hex')
  const hint =
    'model.safetensors is another one: run `python tooling/fixtures/model/make_octo_tiny.py` (see its README)'
  expect(actual, hint).toBe(modelSha256)
})

describe('octo-tiny', () => {
  it('has golden texts of several kinds', () => {
    expect(texts.length).toBe(50)
    expect(new Set(texts.map(({ kind }) => kind)).size).toBeGreaterThan(10)
    expect(texts.reduce((sum, { generated }) => sum + generated.length, 0)).toBeGreaterThan(500)
  })

  it('leaves its MTP layer out and says so', async () => {
    const { info, config } = await loadOctoTiny(await createWasmBackend())
    expect(info.mtp.layers).toBe(1)
    expect(info.mtp.skippedTensors.every((name) => name.startsWith(`model.layers.${config.layers}.`))).toBe(
      true,
    )
    expect(info.mtp.skippedTensors.length).toBeGreaterThan(50)
  })

  it('has the logits of transformers on wasm', async () => {
    const model = await loadOctoTiny(await createWasmBackend())
    expect(Math.max(...(await logitErrors(model, logits)))).toBeLessThanOrEqual(2e-5)
  })

  it('has the logits of transformers on the reference backend (short prompts: it is slow)', async () => {
    const model = await loadOctoTiny(createReferenceBackend())
    const short = logits.filter(({ ids }) => ids.length < 40)
    expect(short.length).toBeGreaterThan(1)
    expect(Math.max(...(await logitErrors(model, short)))).toBeLessThanOrEqual(2e-5)
  })

  it('says all 50 texts of transformers on wasm, id by id', async () => {
    const model = await loadOctoTiny(await createWasmBackend())
    for (const text of texts) expect(await say(model, text), text.kind).toEqual(text.generated)
  }, 300_000)

  it('says the same on the reference backend (the three shortest)', async () => {
    const model = await loadOctoTiny(createReferenceBackend())
    const size = ({ ids, generated }: GoldenText): number => ids.length + generated.length
    for (const text of texts.toSorted((a, b) => size(a) - size(b)).slice(0, 3)) {
      expect(await say(model, text)).toEqual(text.generated)
    }
  }, 300_000)
})
