/**
 * The cache of words, and the merges of short words.
 *
 * Mutations seen red: units not compared; the length not compared; entries lost when the table grows; ids of the wrong place;
 * the rightmost of equal merges; the pair in front not looked at again; shared ranks compared by token.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PackedMerges } from '../cache/compact-model.ts'
import { IdBuffer } from './id-buffer.ts'
import { mergeShort, SHORT } from './merge-short.ts'
import { MergeTable } from './merge-table.ts'
import { mergeLong } from './merge-word.ts'
import { LONGEST_WORD, WordCache } from './word-cache.ts'

const unitsOf = (text: string): Uint16Array => Uint16Array.from(text, (character) => character.charCodeAt(0))

test('a cache gives what was added for the same word, or nothing', () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 12 }), {
    maxLength: 3000,
    size: 'max',
  })
  fc.assert(
    fc.property(words, (list) => {
      const cache = new WordCache()
      const known = new Map<string, number[]>()
      for (const word of list) {
        const units = unitsOf(`x${word}y`)
        const hash = cache.hash(units, 1, units.length - 1)
        const found = cache.find(hash, units, 1, units.length - 1)
        if (found) expect([...cache.ids.subarray(cache.start, cache.end)]).toEqual(known.get(word))
        else {
          const ids = Array.from(word, (_, i) => known.size + i)
          known.set(word, ids)
          cache.add(hash, units, 1, units.length - 1, Int32Array.from([...ids, 7]), ids.length)
          expect(cache.find(hash, units, 1, units.length - 1)).toBe(true)
        }
      }
    }),
    { numRuns: 30 },
  )
})

test('words of one hash are told apart', () => {
  const cache = new WordCache()
  const [word, other] = [unitsOf('abcd'), unitsOf('abce')]
  cache.add(5, word, 0, 4, Int32Array.of(1, 2), 2)
  expect(cache.find(5, other, 0, 4)).toBe(false)
  expect(cache.find(5, word, 0, 3)).toBe(false)
  expect(cache.find(5, word, 1, 4)).toBe(false)
  cache.add(5, other, 0, 4, Int32Array.of(3), 1)
  expect(cache.find(5, word, 0, 4)).toBe(true)
  expect([...cache.ids.subarray(cache.start, cache.end)]).toEqual([1, 2])
})

test('a full cache forgets and goes on', () => {
  const cache = new WordCache()
  let misses = 0
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 50_000; i++) {
      const units = unitsOf(`word ${i}`)
      const hash = cache.hash(units, 0, units.length)
      if (cache.find(hash, units, 0, units.length)) expect(cache.ids[cache.start]).toBe(i)
      else {
        misses++
        cache.add(hash, units, 0, units.length, Int32Array.of(i), 1)
      }
    }
  }
  expect(misses).toBeGreaterThan(50_000)
})

test('most of what was added is found again', () => {
  const cache = new WordCache()
  const longest = 'z'.repeat(LONGEST_WORD)
  const words = [longest, ...Array.from({ length: 10_000 }, (_, i) => `w${i}`)].map(unitsOf)
  for (const word of words)
    cache.add(cache.hash(word, 0, word.length), word, 0, word.length, Int32Array.of(1), 1)
  const found = words.filter((word) => cache.find(cache.hash(word, 0, word.length), word, 0, word.length))
  expect(found.length).toBeGreaterThan(0.99 * words.length)
})

/** Random merges over three symbols; some ranks shared, if asked for. */
const tables = fc
  .tuple(fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 25 }), fc.boolean())
  .map(([choices, shares]) => {
    const tokens = ['a', 'b', 'c']
    const triples: number[] = []
    for (const [left, right] of choices) {
      const [l, r] = [left % tokens.length, right % tokens.length]
      const text = tokens[l]! + tokens[r]!
      let id = tokens.indexOf(text)
      if (text.length > 8 || (id >= 0 && !shares)) continue
      if (id < 0) id = tokens.push(text) - 1
      triples.push(l, r, id)
    }
    const merges = Array.from({ length: triples.length / 3 }, (_, i) => i)
    // As with scores: all merges that make one token have one rank, and some tokens share one.
    const ranks = shares ? Uint32Array.from(merges, (i) => triples[3 * i + 2]! >> 1) : null
    return new MergeTable(new PackedMerges(Uint32Array.from(triples), ranks), new Map())
  })

test('short and long words are merged by the same rule', () => {
  fc.assert(
    fc.property(tables, fc.array(fc.nat({ max: 2 }), { maxLength: SHORT }), (table, word) => {
      const [short, long] = [Int32Array.from(word), Int32Array.from(word)]
      const expected = [...long.subarray(0, mergeLong(long, table, word.length))]
      if (word.length === 0) expect(expected).toEqual([])
      else expect([...short.subarray(0, mergeShort(short, table, word.length))]).toEqual(expected)
    }),
    { numRuns: 2000 },
  )
})

test('a buffer of ids grows, or only counts', () => {
  const steps = fc.array(fc.array(fc.nat({ max: 99 }), { maxLength: 50 }), { maxLength: 30 })
  fc.assert(
    fc.property(steps, (lists) => {
      const [kept, counted] = [new IdBuffer(), new IdBuffer(true)]
      for (const list of lists) {
        for (const buffer of [kept, counted]) {
          if (list.length === 1) buffer.push(list[0]!)
          else buffer.append(Int32Array.from([-1, ...list, -1]), 1, list.length + 1)
        }
      }
      expect(kept.toArray()).toEqual(lists.flat())
      expect([kept.length, counted.length]).toEqual([lists.flat().length, lists.flat().length])
    }),
  )
})
