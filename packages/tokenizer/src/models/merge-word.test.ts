import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MergeTable } from './merge-table.ts'
import { mergeWord } from './merge-word.ts'
import { NumberHeap } from './number-heap.ts'
import { PairMap } from './pair-map.ts'

/** The definition: the merge of lowest rank, of those the leftmost, until there is none. */
function mergeSlowly(word: readonly number[], table: MergeTable): number[] {
  const ids = [...word]
  for (;;) {
    let best = -1
    let bestRank = Number.POSITIVE_INFINITY
    for (let at = 0; at + 1 < ids.length; at++) {
      const rank = table.rank(ids[at]!, ids[at + 1]!)
      if (rank >= 0 && rank < bestRank) [best, bestRank] = [at, rank]
    }
    if (best < 0) return ids
    ids.splice(best, 2, table.merged(bestRank))
  }
}

/** A table of random merges over "a", "b", "c", in which every join is made by one merge only. */
const table = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 25 }).map((choices) => {
  const tokens = ['a', 'b', 'c']
  const merges: string[] = []
  for (const [left, right] of choices) {
    const [first, second] = [tokens[left % tokens.length]!, tokens[right % tokens.length]!]
    if (first.length + second.length > 8 || tokens.includes(first + second)) continue
    tokens.push(first + second)
    merges.push(`${first} ${second}`)
  }
  return new MergeTable(merges, new Map(tokens.map((token, id) => [token, id])))
})

test('gives what the definition gives', () => {
  fc.assert(
    fc.property(table, fc.array(fc.nat({ max: 2 }), { maxLength: 60 }), (merges, word) => {
      const ids = Int32Array.from(word)
      const count = mergeWord(ids, merges)
      expect([...ids.subarray(0, count)]).toEqual(mergeSlowly(word, merges))
    }),
    { numRuns: 1000 },
  )
})

test('a heap gives numbers in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (values) => {
      const heap = new NumberHeap()
      for (const value of values) heap.push(value)
      expect(values.map(() => heap.pop())).toEqual([...values].sort((a, b) => a - b))
      expect(heap.pop()).toBeUndefined()
    }),
  )
})

test('a pair map holds what was set last', () => {
  const pairs = fc.array(fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 20 }), fc.nat()), { maxLength: 200 })
  fc.assert(
    fc.property(pairs, (entries) => {
      const map = new PairMap(entries.length)
      const expected = new Map<string, number>()
      for (const [left, right, value] of entries) {
        map.set(left, right, value)
        expected.set(`${left} ${right}`, value)
      }
      for (let left = 0; left <= 20; left++) {
        for (let right = 0; right <= 20; right++) {
          expect(map.get(left, right)).toBe(expected.get(`${left} ${right}`) ?? -1)
        }
      }
    }),
  )
})
