import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UnsupportedTokenizerError } from '../errors.ts'
import { readGolden } from '../testing/golden.ts'
import { tokenizerFromJson } from '../tokenizer/tokenizer.ts'

type Json = Record<string, unknown>
const small = readGolden('small.json.gz') as { name: string; tokenizer: Json }[]
const jsonOf = (name: string): Json =>
  structuredClone(small.find((entry) => entry.name === name)?.tokenizer ?? {})

const tokenizer = tokenizerFromJson(jsonOf('flags'))
const id = (token: string): number => tokenizer.idOf(token) ?? -1

describe('encode', () => {
  test('addedTokens chooses which added tokens count', () => {
    const text = '<s><d>'
    expect(tokenizer.encode(text)).toEqual([id('<s>'), id('<d>')])
    expect(tokenizer.encode(text, { addedTokens: 'special' })[0]).toBe(id('<s>'))
    expect(tokenizer.encode(text, { addedTokens: 'special' })).not.toContain(id('<d>'))
    const plain = tokenizer.encode(text, { addedTokens: false })
    expect(plain).not.toContain(id('<s>'))
    expect(tokenizer.decode(plain)).toBe(text)
  })

  test('lone surrogates count as U+FFFD', () => {
    expect(tokenizer.encode('a\ud800b\udc00')).toEqual(tokenizer.encode('a\ufffdb\ufffd'))
    expect(tokenizer.encode('\ud83d\ude00')).toEqual(tokenizer.encode('😀'))
  })

  test('any text comes back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const ids = tokenizer.encode(text, { addedTokens: false })
        expect(tokenizer.decode(ids)).toBe(text.toWellFormed())
      }),
    )
  })

  // Each of these takes well under a second; a quadratic step anywhere would take hours.
  test.each([
    ['letters', 'the'.repeat(350_000)],
    ['spaces', ' '.repeat(1_000_000)],
    ['digits', '7'.repeat(1_000_000)],
    ['line ends', '\n'.repeat(1_000_000)],
    ['beginnings of added tokens', '<'.repeat(1_000_000)],
    ['control characters', '\u0001'.repeat(1_000_000)],
    [
      'letters in random order',
      Array.from({ length: 1_000_000 }, (_, i) => 'etaoin'[(i * i * 7 + i) % 6]).join(''),
    ],
  ])('a megabyte of %s', (_, text) => {
    const ids = tokenizer.encode(text)
    expect(tokenizer.decode(ids) === text).toBe(true)
  })
})

describe('tokens', () => {
  test('ids, tokens and bytes', () => {
    expect(tokenizer.size).toBe(id('<É>') + 1)
    expect(tokenizer.tokenOf(id('Ġthe'))).toBe('Ġthe')
    expect(tokenizer.bytesOf(id('Ġthe'))).toEqual(new TextEncoder().encode(' the'))
    expect(tokenizer.idOf('no such token')).toBeUndefined()
    expect(tokenizer.tokenOf(99_999)).toBeUndefined()
    expect(tokenizer.tokenOf(-1)).toBeUndefined()
    expect(tokenizer.bytesOf(1.5)).toBeUndefined()
  })
  test('every single byte has a token', () => {
    const bytes = Array.from({ length: tokenizer.size }, (_, token) => tokenizer.bytesOf(token))
    const single = new Set(bytes.flatMap((value) => (value?.length === 1 ? [...value] : [])))
    expect(single.size).toBe(256)
  })
})

describe('decode', () => {
  test('special tokens can be left out, unknown ids are nothing', () => {
    const ids = [id('<s>'), id('Ġcat'), 99_999, id('<d>'), -1]
    expect(tokenizer.decode(ids)).toBe('<s> cat<d>')
    expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe(' cat<d>')
  })

  test('a stream gives the same text as the whole', () => {
    const ids = fc.array(fc.nat({ max: tokenizer.size }), { maxLength: 40 })
    fc.assert(
      fc.property(ids, fc.boolean(), (sequence, skipSpecialTokens) => {
        const decoder = tokenizer.streamDecoder({ skipSpecialTokens })
        const pieces = sequence.map((token) => decoder.push(token))
        expect(pieces.join('') + decoder.finish()).toBe(tokenizer.decode(sequence, { skipSpecialTokens }))
      }),
      { numRuns: 1000 },
    )
  })

  test('a stream gives whole characters, each as soon as it is complete', () => {
    const byteTokens = (text: string): number[] =>
      [...new TextEncoder().encode(text)].map((byte) => {
        for (let token = 0; token < tokenizer.size; token++) {
          const bytes = tokenizer.bytesOf(token)
          if (bytes?.length === 1 && bytes[0] === byte) return token
        }
        return -1
      })
    const decoder = tokenizer.streamDecoder()
    expect(byteTokens('aé你😀').map((token) => decoder.push(token))).toEqual([
      'a',
      '',
      'é',
      '',
      '',
      '你',
      '',
      '',
      '',
      '😀',
    ])
    expect(decoder.finish()).toBe('')
    expect(
      byteTokens('你')
        .slice(0, 2)
        .map((token) => decoder.push(token)),
    ).toEqual(['', ''])
    expect(decoder.finish()).toBe('\ufffd')
    expect(
      byteTokens('\ufeffb')
        .map((token) => decoder.push(token))
        .join(''),
    ).toBe('\ufeffb')
  })
})

describe('files that are refused, with the place of the fault', () => {
  /** A file with one value replaced; the path is dotted. */
  function changed(path: string, value: unknown, name = 'split-removed'): unknown {
    const json = jsonOf(name)
    const keys = path.split('.')
    const last = keys.pop() ?? ''
    let at: Json = json
    for (const key of keys) at = at[key] as Json
    at[last] = value
    return json
  }
  const level = { type: 'ByteLevel', add_prefix_space: false, use_regex: false }
  const cases: [string, unknown, string][] = [
    ['no object', 'hello', 'tokenizer.json'],
    ['another model', changed('model.type', 'WordLevel'), 'model.type'],
    ['Unigram scores that are an object', changed('model.type', 'Unigram'), 'model.vocab'],
    ['dropout', changed('model.dropout', 0.1), 'model.dropout'],
    [
      'a subword prefix that is no text',
      changed('model.continuing_subword_prefix', 7),
      'model.continuing_subword_prefix',
    ],
    ['a vocabulary without the tokens of merges', changed('model.vocab', { a: 0 }), 'model.merges[0]'],
    ['one id twice', changed('model.vocab', { a: 0, b: 0 }), 'model.vocab["b"]'],
    ['an id that is no number', changed('model.vocab', { a: '0' }), 'model.vocab["a"]'],
    ['an id that is too large', changed('model.vocab', { a: 2 ** 40 }), 'model.vocab["a"]'],
    ['a merge of unknown tokens', changed('model.merges', ['a nosuchtoken']), 'model.merges[0]'],
    ['a merge of three', changed('model.merges', ['a b c']), 'model.merges[0]'],
    ['merges that are no list', changed('model.merges', 'a b'), 'model.merges'],
    ['an unknown normalizer', changed('normalizer', { type: 'Uppercase' }), 'normalizer.type'],
    [
      'Metaspace without its character',
      changed('pre_tokenizer', { type: 'Metaspace' }),
      'pre_tokenizer.replacement',
    ],
    [
      'an unknown pre-tokenizer',
      changed('pre_tokenizer', { type: 'Sequence', pretokenizers: [{ type: 'UnicodeScripts' }, level] }),
      'pre_tokenizer.pretokenizers[0].type',
    ],
    [
      'a pattern without translation',
      changed('pre_tokenizer', {
        type: 'Sequence',
        pretokenizers: [{ type: 'Split', pattern: { Regex: '\\w+' }, behavior: 'Isolated' }, level],
      }),
      'pre_tokenizer.pretokenizers[0].pattern.Regex',
    ],
    [
      'an unknown behavior',
      changed('pre_tokenizer', {
        type: 'Sequence',
        pretokenizers: [{ type: 'Split', pattern: { Regex: 'a' }, behavior: 'Explode' }, level],
      }),
      'pre_tokenizer.pretokenizers[0].behavior',
    ],
    ['an unknown decoder', changed('decoder', { type: 'CTC' }), 'decoder.type'],
    ['a WordPiece decoder without its prefix', changed('decoder', { type: 'WordPiece' }), 'decoder.prefix'],
    ['truncation', changed('truncation', { max_length: 3 }), 'truncation'],
    ['padding', changed('padding', {}), 'padding'],
    [
      'an added token that takes an id',
      changed('added_tokens', [{ id: 3, content: '<x>' }]),
      'added_tokens[0]',
    ],
    ['an added token without text', changed('added_tokens', [{ id: 999, content: '' }]), 'added_tokens[0]'],
    [
      'a flag that is no boolean',
      changed('added_tokens', [{ id: 999, content: '<x>', lstrip: 'no' }]),
      'added_tokens[0].lstrip',
    ],
  ]
  test.each(cases)('%s', (_, json, path) => {
    let caught: unknown
    try {
      tokenizerFromJson(json)
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(UnsupportedTokenizerError)
    expect(caught).toMatchObject({ path })
    expect((caught as Error).message).toContain(path)
  })
})
