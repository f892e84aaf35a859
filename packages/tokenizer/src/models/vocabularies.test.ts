/**
 * Ids equal to those of the Rust `tokenizers` library for the vocabularies of real models, over 20,480 texts of up to a
 * megabyte: with added tokens and without, and decoded with special tokens and without.
 */
import { describe, expect, test } from 'vitest'
import { type CorpusData, corpusHash, makeCorpus } from '../testing/corpus.ts'
import { readGolden } from '../testing/golden.ts'
import { HASH_BYTES, hashIds, hashTexts } from '../testing/hashes.ts'
import { goldenVocabularies, readVocabularyFile, vocabularyNames } from '../testing/vocabularies.ts'
import { Tokenizer } from '../tokenizer/tokenizer.ts'

const BLOCK = 64
const corpus = makeCorpus(readGolden('corpus-data.json.gz') as CorpusData)

test('the corpus is the one that the golden ids were made of', () => {
  expect(corpus.length).toBeGreaterThanOrEqual(20_000)
  expect(corpusHash(corpus)).toBe(goldenVocabularies.corpus)
})

/** "block of texts: what differs", for all that does. */
function differing(tokenizer: Tokenizer, packed: Buffer): string[] {
  const wrong: string[] = []
  for (let block = 0; block * BLOCK < corpus.length; block++) {
    const texts = corpus.slice(block * BLOCK, (block + 1) * BLOCK)
    const ids = tokenizer.encodeBatch(texts)
    const hashes: Record<string, string> = {
      ids: hashIds(ids),
      'ids without added tokens': hashIds(tokenizer.encodeBatch(texts, { addedTokens: false })),
      text: hashTexts(ids.map((one) => tokenizer.decode(one))),
      'text without special tokens': hashTexts(
        ids.map((one) => tokenizer.decode(one, { skipSpecialTokens: true })),
      ),
    }
    for (const [index, [name, hash]] of Object.entries(hashes).entries()) {
      const at = (4 * block + index) * HASH_BYTES
      if (packed.toString('hex', at, at + HASH_BYTES) !== hash) wrong.push(`block ${block}: ${name}`)
    }
  }
  return wrong
}

describe.each(vocabularyNames)('%s', (name) => {
  test('20,480 texts', { timeout: 120_000 }, (context) => {
    const data = readVocabularyFile(name)
    if (typeof data === 'string') return context.skip(data)
    const packed = Buffer.from(goldenVocabularies.vocabularies[name]!.hashes, 'base64')
    expect(packed.length).toBe((4 * HASH_BYTES * corpus.length) / BLOCK)
    expect(differing(Tokenizer.fromFiles({ 'tokenizer.json': data }), packed)).toEqual([])
  })
})
