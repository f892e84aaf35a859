/**
 * Cutting without making pieces: the same as `splitText`, pattern after pattern.
 *
 * Mutations seen red: pieces of the first pattern not cut by the second; ranges not counted from the beginning of the text; a
 * look-ahead that sees behind the end of a piece; the rest behind the last match left out; an empty match taken as a piece.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutText } from './cut-text.ts'
import { splitText } from './split.ts'

const PATTERNS = [
  '\\p{N}{1,3}',
  '[一-龥]+',
  '\\s+(?!\\S)|\\s+| ?\\p{L}+',
  'x*',
  '(?=a)',
  '(?<=b)',
  'ab|b+',
  '$',
]

test('gives the pieces of splitText', () => {
  const chosen = fc.array(fc.constantFrom(...PATTERNS), { maxLength: 3 })
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'x', ' ', '1', '一', '😀', '\n'), maxLength: 30 })
  fc.assert(
    fc.property(chosen, texts, (sources, text) => {
      const patterns = sources.map((source) => new RegExp(source, 'gu'))
      let expected = text === '' ? [] : [text]
      for (const pattern of patterns) {
        const next: string[] = []
        for (const piece of expected) splitText(piece, pattern, 'Isolated', false, next)
        expected = next
      }
      const found: string[] = []
      let end = 0
      cutText(text, patterns, (from, to) => {
        expect(from).toBe(end)
        end = to
        found.push(text.slice(from, to))
      })
      expect([sources, text, found]).toEqual([sources, text, expected])
    }),
    { numRuns: 3000 },
  )
})
