/**
 * The stream decoder against `decode`: the same text, whole characters only, nothing later than possible.
 *
 * Mutations seen red: each id decoded on its own; the rest forgotten by `finish`.
 */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readGolden } from '../testing/golden.ts'
import { StreamDecoder } from './stream-decoder.ts'
import { Tokenizer } from './tokenizer.ts'

const small = readGolden('small.json.gz') as { name: string; tokenizer: unknown }[]
const tokenizer = Tokenizer.fromJSON(small.find(({ name }) => name === 'flags')!.tokenizer)
const octo = Tokenizer.fromFiles({
  'tokenizer.json': readFileSync(new URL('../../../octo-tiny/model/tokenizer.json', import.meta.url)),
})

/** The token of each byte. */
const byteTokens = new Map<number, number>()
for (let id = 0; id < octo.size; id++) {
  const bytes = octo.bytesOf(id)
  if (bytes?.length === 1 && !byteTokens.has(bytes[0]!)) byteTokens.set(bytes[0]!, id)
}
const idsOf = (bytes: Iterable<number>): number[] => Array.from(bytes, (byte) => byteTokens.get(byte)!)

/** Continuations that complete or break any character that is begun. */
const CONTINUATIONS = [[], [0x61]]
for (const a of [0x80, 0x90, 0xa0, 0xbf])
  for (const b of [0x80, 0xbf]) for (const c of [0x80, 0xbf]) CONTINUATIONS.push([a], [a, b], [a, b, c])

/** The definition: what the texts of all continuations have in common. */
function certain(ids: readonly number[]): string {
  const texts = CONTINUATIONS.map((bytes) => octo.decode([...ids, ...idsOf(bytes)]))
  let [first] = texts as [string]
  for (const text of texts) while (!text.startsWith(first)) first = first.slice(0, -1)
  return first
}

test('every byte has a token', () => expect(byteTokens.size).toBe(256))

test('random ids, cut anywhere: the pieces are the text of decode', () => {
  const ids = fc.array(fc.nat({ max: tokenizer.size + 2 }), { maxLength: 40 })
  fc.assert(
    fc.property(ids, fc.boolean(), (sequence, skipSpecialTokens) => {
      const decoder = new StreamDecoder(tokenizer, { skipSpecialTokens })
      const pieces = sequence.map((id) => decoder.push(id))
      pieces.push(decoder.finish())
      expect(pieces.join('')).toBe(tokenizer.decode(sequence, { skipSpecialTokens }))
      for (const piece of pieces) expect(piece.isWellFormed()).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test('after each id there is all the text that no later id can change, and no more', () => {
  const characters = fc
    .string({ unit: 'binary', maxLength: 6 })
    .map((text) => [...new TextEncoder().encode(text)])
  const awkward = fc.constantFrom(
    0x61,
    0x80,
    0x9f,
    0xa0,
    0xbf,
    0xc0,
    0xc2,
    0xe0,
    0xed,
    0xef,
    0xf0,
    0xf4,
    0xf5,
    0xff,
  )
  const bytes = fc.oneof(characters, fc.array(fc.oneof(awkward, fc.nat({ max: 255 })), { maxLength: 10 }))
  fc.assert(
    fc.property(bytes, (sequence) => {
      const ids = idsOf(sequence)
      const decoder = octo.streamDecoder()
      let text = ''
      for (const [index, id] of ids.entries()) {
        text += decoder.push(id)
        expect(text).toBe(certain(ids.slice(0, index + 1)))
      }
      expect(text + decoder.finish()).toBe(octo.decode(ids))
    }),
    { numRuns: 500 },
  )
})
