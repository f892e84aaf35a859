import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitLines } from '../split-lines.ts'
import { splitPassages } from './passages.ts'

const parts = (text: string): [number, number, string][] =>
  splitPassages(text).map(({ from, to, start, end }) => [from, to, text.slice(start, end)])

test('short paragraphs stay together, headings begin a passage', () => {
  const text = 'one\ntwo\n\nthree\n# Title\nfour\r\n\r\nfive\n'
  expect(parts(text)).toEqual([
    [1, 4, 'one\ntwo\n\nthree'],
    [5, 8, '# Title\nfour\r\n\r\nfive'],
  ])
})

test('a passage of 500 characters ends at a blank line, one of 1200 at a line', () => {
  const paragraph = `${'x'.repeat(300)}\n${'y'.repeat(300)}`
  expect(parts(`${paragraph}\n\n${paragraph}`).map(([from, to]) => [from, to])).toEqual([
    [1, 2],
    [4, 5],
  ])
  const lines = Array.from({ length: 10 }, () => 'z'.repeat(299)).join('\n')
  expect(parts(lines).map(([from, to]) => [from, to])).toEqual([
    [1, 4],
    [5, 8],
    [9, 10],
  ])
})

test('a line of any length is divided, at spaces where it has some', () => {
  const text = 'word '.repeat(1000)
  const found = parts(text)
  expect(found.length).toBeGreaterThan(3)
  for (const [from, to, part] of found) {
    expect([from, to]).toEqual([1, 1])
    expect(part.length).toBeLessThanOrEqual(1200)
    expect(part).toMatch(/^(word )+$/)
  }
})

test('nothing but blanks is lost, lines are right, and no character is cut in two', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '\n',
      '\r\n',
      '\r',
      '\n\n',
      '# h\n',
      ' ',
      'word '.repeat(60),
      '\u{1f600}'.repeat(700),
      'x'.repeat(1500),
    ),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
      const text = pieces.join('')
      const lines = splitLines(text)
      let at = 0
      for (const { from, to, start, end } of splitPassages(text)) {
        expect(text.slice(at, start).trim()).toBe('')
        expect(end).toBeGreaterThan(start)
        const part = text.slice(start, end)
        expect(part.isWellFormed()).toBe(true)
        expect(splitLines(text.slice(0, start)).length).toBeLessThanOrEqual(from)
        expect(splitLines(text.slice(0, end)).length).toBe(to)
        const inside = splitLines(part)
        expect(inside.length).toBe(to - from + 1)
        expect(lines[from - 1]).toContain(inside[0])
        expect(lines[to - 1]).toContain(inside.at(-1))
        at = end
      }
      expect(text.slice(at).trim()).toBe('')
    }),
  )
})
