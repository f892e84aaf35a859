/**
 * A file that nobody here wrote: SmolLM2-135M-Instruct in GGUF, made by llama.cpp's converter and quantiser.
 *
 * Mutations seen red: offset of Q4_1 scaled, i32 arrays as u32, only the first part of a large tensor decoded.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type GgufFile, openGguf } from './open-gguf.ts'
import { goldenGguf, sha256 } from './test-files.ts'

const cached = '../../../../node_modules/.cache/octoscale/SmolLM2-135M-Instruct.Q4_1.gguf'
const path = process.env.OCTOSCALE_SMOLLM2 ?? fileURLToPath(new URL(cached, import.meta.url))
const absent = !existsSync(path)
const REASON = 'the file is absent: run python tooling/fixtures/gguf/fetch_smollm2.py (98 MB)'

const golden: {
  readonly pairs: number
  readonly tensors: Readonly<Record<string, readonly [string, readonly number[], string]>>
} = JSON.parse(readFileSync(`${goldenGguf}smollm2.json`, 'utf8'))

const open = (): Promise<GgufFile> => openGguf(path)

test('SmolLM2: metadata', async ({ skip }) => {
  skip(absent, REASON)
  const { metadata, version, alignment } = await open()
  expect([version, alignment, metadata.size]).toEqual([3, 32, golden.pairs])
  expect(metadata.get('general.architecture')).toBe('llama')
  expect(metadata.get('llama.block_count')).toBe(30)
  expect(metadata.get('llama.attention.layer_norm_rms_epsilon')).toBe(Math.fround(1e-5))
  expect(metadata.get('tokenizer.ggml.add_bos_token')).toBe(false)
  const tokens = metadata.get('tokenizer.ggml.tokens') as readonly string[]
  const merges = metadata.get('tokenizer.ggml.merges') as readonly string[]
  expect([tokens.length, tokens[0], merges.length, merges[0]]).toEqual([
    49_152,
    '<|endoftext|>',
    48_900,
    'Ġ t',
  ])
  expect(metadata.get('tokenizer.ggml.token_type')).toBeInstanceOf(Int32Array)
  expect(metadata.get('tokenizer.chat_template')).toMatch(/^\{% for message in messages %\}/)
})

test('SmolLM2: every tensor is what the Python library reads', async ({ skip }) => {
  skip(absent, REASON)
  const file = await open()
  expect(file.names).toEqual(Object.keys(golden.tensors))
  let weights = 0
  for (const [name, [dtype, shape, hash]] of Object.entries(golden.tensors)) {
    const info = await file.info(name)
    expect([info.dtype, info.shape]).toEqual([dtype, shape])
    const values = await file.readFloat32(name)
    weights += values.length
    expect(sha256(values), name).toBe(hash)
  }
  expect(weights).toBe(134_515_008)
})

test('SmolLM2: a row of the embedding is read alone', async ({ skip }) => {
  skip(absent, REASON)
  const file = await open()
  const whole = await file.readFloat32('token_embd.weight')
  for (const row of [0, 1, 24_601, 49_151]) {
    const alone = await file.readFloat32('token_embd.weight', { rows: [row, row + 1] })
    expect(alone).toEqual(whole.slice(row * 576, (row + 1) * 576))
  }
})
