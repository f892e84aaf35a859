/** What people may give to `load`, right and wrong. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { octoTiny } from '@octoscale/octo-tiny'
import { expect, test } from 'vitest'
import { estimate, load, type ModelFile } from './index.ts'

const folder = new URL('.', octoTiny.files['config.json'])

async function filesInMemory(): Promise<Record<string, Uint8Array>> {
  const entries = Object.entries(octoTiny.files).map(
    async ([name, url]) => [name, await readFile(url)] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

const textFile = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

test('a path, a file URL, bytes and blobs are the same model', async () => {
  const memory = await filesInMemory()
  const blobs = Object.fromEntries(
    Object.entries(memory).map(([name, bytes]) => [name, new Blob([new Uint8Array(bytes)])]),
  )
  const answers: string[] = []
  for (const source of [fileURLToPath(folder), folder, { files: memory }, { files: blobs }]) {
    const llm = await load(source)
    answers.push((await llm.chat({ messages: 'Hello', maxTokens: 12 }).result()).content)
    llm.dispose()
  }
  expect(new Set(answers).size).toBe(1)
})

test.each(['mtp', 'prompt-lookup'] as const)('speculation by %s changes no answer', async (speculation) => {
  const questions = [
    'What is the largest E4M3 value?',
    'Repeat: one two three one two three',
    'What is 47 + 38?',
  ]
  const [plain, guessing] = await Promise.all([
    load(octoTiny, { backend: 'wasm' }),
    load(octoTiny, { backend: 'wasm', speculation }),
  ])
  let accepted = 0
  for (const messages of questions) {
    for (const options of [{ temperature: 0 }, { temperature: 0.8, seed: 5 }]) {
      const expected = await plain.chat({ messages, thinking: true, ...options, maxTokens: 60 }).result()
      const got = await guessing.chat({ messages, thinking: true, ...options, maxTokens: 60 }).result()
      expect(got.thinking).toBe(expected.thinking)
      expect(got.content).toBe(expected.content)
      expect(expected.usage).toMatchObject({ draftedTokens: 0, acceptedTokens: 0 })
      expect(got.usage.acceptedTokens).toBeLessThanOrEqual(got.usage.draftedTokens)
      accepted += got.usage.acceptedTokens
    }
  }
  expect(accepted).toBeGreaterThan(0)
  // The model's layer guesses well: fewer passes than tokens.
  if (speculation === 'mtp') expect(guessing.status.steps).toBeLessThan(0.8 * plain.status.steps)
  plain.dispose()
  guessing.dispose()
})

test('a small model gets one thread, unless the caller says how many', async () => {
  const details: (string | undefined)[] = []
  for (const options of [{}, { threads: 2 }]) {
    const llm = await load(octoTiny, { backend: 'wasm', ...options })
    details.push(llm.info.backend.detail)
    llm.dispose()
  }
  expect(details[0]).toContain('one thread')
  expect(details[1]).toContain('2 threads')
})

test('a GGUF file is a whole model', async ({ skip }) => {
  const path = fileURLToPath(
    new URL('../../../node_modules/.cache/octoscale/SmolLM2-135M-Instruct.Q4_1.gguf', import.meta.url),
  )
  skip(!existsSync(path), 'the file is absent: run python tooling/fixtures/gguf/fetch_smollm2.py (98 MB)')
  expect((await estimate(path, { maxContext: 256 })).architecture).toBe('llama')
  const llm = await load(path, { backend: 'wasm', maxContext: 256 })
  expect(llm.format?.name).toBe('chatml')
  const { content } = await llm
    .chat({ messages: 'What is the capital of France? One word.', temperature: 0, maxTokens: 12 })
    .result()
  expect(content).toContain('Paris')
  llm.dispose()
})

test('a GGUF model in parts, by the path or URL of one or by all files', async () => {
  const split = new URL('../../model/src/golden/gguf/split/', import.meta.url)
  const names = [1, 2, 3].map((part) => `qwen2-tied-0000${part}-of-00003.gguf`)
  const whole = await estimate(fileURLToPath(new URL('../qwen2-tied.gguf', split)))
  const files = Object.fromEntries(names.map((name) => [name, new URL(name, split)]))
  const [first = ''] = names
  for (const source of [fileURLToPath(new URL(first, split)), new URL(first, split), { files }]) {
    const { parameters, fileBytes } = await estimate(source)
    expect([parameters, fileBytes]).toEqual([whole.parameters, whole.fileBytes])
  }
  await expect(estimate({ files: { [first]: new URL(first, split) } })).rejects.toThrow('one of 3 parts')
})

test('progress goes from nothing to all bytes', async () => {
  const heard: number[] = []
  let total = 0
  const llm = await load(octoTiny, {
    backend: 'wasm',
    onProgress: ({ bytes, totalBytes }) => {
      heard.push(bytes)
      total = totalBytes
    },
  })
  expect(heard[0]).toBe(0)
  expect(heard.at(-1)).toBe(total)
  expect(heard).toEqual([...heard].sort((a, b) => a - b))
  expect(llm.info.backend.name).toBe('wasm')
  llm.dispose()
})

test.each<[string, (files: Record<string, Uint8Array>) => Record<string, ModelFile>, RegExp]>([
  ['no config', ({ 'config.json': _, ...rest }) => rest, /config\.json: there is no such file/],
  ['no weights', ({ 'model.safetensors': _, ...rest }) => rest, /model\.safetensors/],
  ['config is not JSON', (files) => ({ ...files, 'config.json': new Uint8Array([0x7b]) }), /is not JSON/],
  ['config is not UTF-8', (files) => ({ ...files, 'config.json': new Uint8Array([0xff]) }), /is not UTF-8/],
  [
    'unknown architecture',
    (files) => ({ ...files, 'config.json': textFile({ model_type: 'gpt2' }) }),
    /model_type "gpt2" is not supported; supported: deepseek_v2, deepseek_v3/,
  ],
  [
    'truncated weights',
    (files) => ({
      ...files,
      'model.safetensors': (files['model.safetensors'] as Uint8Array).subarray(0, 100_000),
    }),
    /model\.safetensors: .*\d/,
  ],
  [
    'a tokenizer of another kind',
    (files) => {
      const json = JSON.parse(new TextDecoder().decode(files['tokenizer.json']))
      return {
        ...files,
        'tokenizer.json': textFile({ ...json, model: { ...json.model, type: 'WordLevel' } }),
      }
    },
    /model\.type/,
  ],
])('broken: %s', async (_, breakFiles, message) => {
  await expect(load({ name: 'broken', files: breakFiles(await filesInMemory()) })).rejects.toThrow(message)
})

test('a wrong shape, an unknown quantisation and a wrong backend are named', async () => {
  const files = await filesInMemory()
  const config = JSON.parse(new TextDecoder().decode(files['config.json']))
  const withConfig = (changes: object): Promise<unknown> =>
    load({ name: 'changed', files: { ...files, 'config.json': textFile({ ...config, ...changes }) } })
  await expect(withConfig({ moe_intermediate_size: 128 })).rejects.toThrow(
    /tensor model\.layers\.\d.*expected.*128/,
  )
  await expect(withConfig({ quantization_config: { quant_method: 'awq' } })).rejects.toThrow(/awq/)
  // @ts-expect-error: a caller without types
  await expect(load(octoTiny, { backend: 'cuda' })).rejects.toThrow(
    /backend must be one of auto, .*wasm.*, got "cuda"/,
  )
  await expect(load('ftp://example.org/model')).rejects.toThrow(/is no model/)
})
