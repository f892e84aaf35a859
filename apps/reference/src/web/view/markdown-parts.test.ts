/** Texts that a model may write to keep the page busy. */
import fc from 'fast-check'
import { Marked } from 'marked'
import { expect, test } from 'vitest'
import { isTooMuch, splitFences } from './markdown-parts.ts'

const marked = new Marked({ gfm: true, breaks: true })
const kinds = (text: string): string =>
  splitFences(text)
    .map(({ kind }) => kind)
    .join(' ')

const line = fc.constantFrom(
  ...['a', '', '```', '````', '~~~', '~~~~ x', '```js', '```a`b', ' ```', '``` ', '*b*', '# c'],
)

test('what is cut out is what the parser takes for fenced code, and nothing is lost', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      // An indented fence belongs to the parser alone.
      fc.pre(!lines.includes(' ```'))
      const text = lines.join('\n')
      const parts = splitFences(text)
      expect(parts.map(({ source }) => source).join('')).toBe(text)
      // Of empty lines at the end the parser keeps now one more, now one less.
      const trimmed = (code: string): string => code.replace(/\n+$/, '')
      const cut = parts.flatMap((part) => (part.kind === 'code' ? [trimmed(part.code)] : []))
      const tokens = marked.lexer(text)
      const parsed = tokens.flatMap((token) => (token.type === 'code' ? [trimmed(token.text)] : []))
      expect(cut).toEqual(parsed)
    }),
    { numRuns: 2000 },
  )
})

test('a fence of any length', () => {
  const long = '`'.repeat(150_000)
  expect(kinds(`${long}\na\n${long}\n`)).toBe('code')
  expect(kinds('```\n'.repeat(40_000))).toMatch(/^code( code)*$/)
})

test('language and code of a fence, closed or not', () => {
  const code = { kind: 'code', source: '```js x\n\n a\n```\n', language: 'js', code: '\n a' }
  expect(splitFences(`x\n${code.source}y`)).toEqual([
    { kind: 'prose', source: 'x\n' },
    code,
    { kind: 'prose', source: 'y' },
  ])
  expect(splitFences('~~~\na')).toEqual([{ kind: 'code', source: '~~~\na', language: '', code: 'a' }])
})

test('code may be long', () => {
  expect(kinds(`\`\`\`\n${'a'.repeat(100_000)}\n\`\`\``)).toBe('code')
  expect(isTooMuch('Some words.\n\n'.repeat(10_000))).toBe(false)
})

const hard = '__a_ '.repeat(4000)
test.each([
  ['a fence that is none, since a backtick follows', `\`\`\`x\`y\n${hard}\n\`\`\``],
  ['a longer fence ends before', `\`\`\`\`\n\`\`\`\n\`\`\`\`\n${hard}\n\`\`\``],
  ['lines with a tab', `${'__a_ '.repeat(900)}\n\t\n`.repeat(10)],
  ['many paragraphs that each may be', `${'__a_ '.repeat(900)}\n\n`.repeat(10)],
])('is too much: %s', (_, text) => {
  const prose = splitFences(text).filter(({ kind }) => kind === 'prose')
  expect(isTooMuch(prose.map(({ source }) => source).join('\n\n'))).toBe(true)
})

test('the most that is parsed takes the parser seconds at worst', () => {
  const texts = ['__a_ ', '> ', 'b\n'].map((unit) => {
    const paragraph = unit.repeat(Math.floor(4990 / unit.length))
    return `- a\n${Array.from({ length: 4 }, () => paragraph).join('\n\n')}`
  })
  for (const text of texts) {
    expect(isTooMuch(text)).toBe(false)
    const startedAt = performance.now()
    try {
      marked.lexer(text)
    } catch {
      // Deep quotations exhaust the stack; the text is shown as it is.
    }
    expect(performance.now() - startedAt).toBeLessThan(8000)
  }
})
