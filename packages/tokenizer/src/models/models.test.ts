/**
 * Small tokenizers of every kind: each model, normalizer, pre-tokenizer, post-processor, decoder, and added tokens with random
 * flags, over 1,280 texts each, equal to the Rust `tokenizers` library.
 *
 * Mutations seen red: an empty token after lstrip kept; single_word ignored; clusters of 5 bytes not looked up, or none at all;
 * missing bytes not unknown; fuse_unk ignored; long words counted in no way; prepend_scheme always; begin and end swapped;
 * MergedWithNext gluing matches.
 */
import { describe, expect, test } from 'vitest'
import { type CorpusData, makeCorpus, Numbers } from '../testing/corpus.ts'
import { readGolden } from '../testing/golden.ts'
import { HASH_BYTES, hashIds, hashTexts } from '../testing/hashes.ts'
import { goldenModels, type ModelCase, tokenizerOf } from '../testing/models.ts'

const BLOCK = 32
const COUNT = 1280
const SEQUENCES = 256

const numbers = new Numbers(goldenModels.seed)
const texts: Readonly<Record<ModelCase['texts'], readonly string[]>> = {
  corpus: makeCorpus(readGolden('corpus-data.json.gz') as CorpusData)
    .filter((text) => text.length <= 200)
    .slice(-COUNT),
  flags: Array.from({ length: COUNT }, () => numbers.some(9, () => numbers.pick(goldenModels.pieces))),
}

/** Random ids of the model and the added tokens. */
function sequencesFor({ model, added }: ModelCase): number[][] {
  const vocab = goldenModels.models[model]!.vocab
  const ids = new Set<number>(Array.isArray(vocab) ? vocab.keys() : Object.values(vocab))
  for (const { id } of added) ids.add(id)
  const random = new Numbers(goldenModels.seed)
  return Array.from({ length: SEQUENCES }, () =>
    Array.from({ length: 1 + random.below(12) }, () => random.below(ids.size)),
  )
}

/** What differs from the golden hashes. */
function differing(one: ModelCase): string[] {
  const packed = Buffer.from(one.hashes, 'base64')
  let at = 0
  const wrong: string[] = []
  const check = (what: string, hash: string): void => {
    if (packed.toString('hex', at, at + HASH_BYTES) !== hash) wrong.push(what)
    at += HASH_BYTES
  }
  const tokenizer = tokenizerOf(one)
  const sequences = sequencesFor(one)
  for (const skipSpecialTokens of [false, true])
    check('random ids', hashTexts(sequences.map((ids) => tokenizer.decode(ids, { skipSpecialTokens }))))
  for (let start = 0; start < COUNT; start += BLOCK) {
    const block = texts[one.texts].slice(start, start + BLOCK)
    const ids = tokenizer.encodeBatch(block)
    check(`${start}: ids`, hashIds(ids))
    check(`${start}: with special`, hashIds(tokenizer.encodeBatch(block, { addSpecialTokens: true })))
    check(`${start}: without added`, hashIds(tokenizer.encodeBatch(block, { addedTokens: false })))
    for (const skipSpecialTokens of [false, true])
      check(`${start}: text`, hashTexts(ids.map((list) => tokenizer.decode(list, { skipSpecialTokens }))))
  }
  expect(at).toBe(packed.length)
  return wrong
}

describe('the Rust library agrees', () => {
  test.each(goldenModels.cases)('$name', { timeout: 30_000 }, (one) => {
    expect(differing(one)).toEqual([])
  })
})
