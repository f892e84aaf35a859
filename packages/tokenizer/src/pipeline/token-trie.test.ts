/**
 * Mutations seen red: matches that overlap; the shorter of two; only the first of several beginnings looked for.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TokenTrie } from './token-trie.ts'

test('finds the leftmost, of those the longest, and none inside another', () => {
  const texts = fc.uniqueArray(
    fc.string({ unit: fc.constantFrom('a', 'b', ']', '^', '😀'), minLength: 1, maxLength: 4 }),
    {
      maxLength: 6,
    },
  )
  const haystack = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ']', '^', '😀'), maxLength: 30 })
  fc.assert(
    fc.property(texts, haystack, (tokens, text) => {
      const trie = new TokenTrie(tokens.map((token) => [token, token]))
      const expected: { start: number; end: number; value: string }[] = []
      for (let start = 0; start < text.length; start++) {
        const found = tokens.filter((token) => text.startsWith(token, start))
        const value = found.sort((a, b) => b.length - a.length)[0]
        if (value === undefined) continue
        expected.push({ start, end: start + value.length, value })
        start += value.length - 1
      }
      expect([...trie.matches(text)]).toEqual(expected)
    }),
    { numRuns: 1000 },
  )
})
