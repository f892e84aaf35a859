/** Mutations seen red: marks of class 0 sorted too; no ordering of long runs; U+32FF not kept (characters.test.ts). */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { orderMarks } from './mark-order.ts'
import { NORMAL_FORMS, normalForm } from './normal-form.ts'
import { compileNormalizer } from './normalizer.ts'

/** Marks of many classes, some of class 0, some that have parts. */
const MARKS = [
  ...['\u0301', '\u0323', '\u0327', '\u0334', '\u0345', '\u0344', '\u0f73', '\u0f74', '\u0903', '\u093c'],
  ...[
    '\u05b0',
    '\u064b',
    '\u0670',
    '\u3099',
    '\u302a',
    '\u20dd',
    '\u{1d165}',
    '\u{1d16d}',
    '\ufe0f',
    '\u0315',
  ],
]

test('a long run of marks becomes what it becomes in JavaScript, whatever the order', () => {
  const run = fc.array(fc.constantFrom(...MARKS), { minLength: 33, maxLength: 120 })
  fc.assert(
    fc.property(run, fc.constantFrom('', 'a', 'é', '각'), (marks, base) => {
      const text = `${base}${marks.join('')}e\u0301`
      for (const form of NORMAL_FORMS) expect(normalForm(text, form)).toBe(text.normalize(form))
      expect(orderMarks(text).normalize('NFD')).toBe(text.normalize('NFD'))
    }),
    { numRuns: 2000 },
  )
})

test('what has no long run of marks stays as it is', () => {
  for (const text of ['', 'a', `a${'\u0301\u0323'.repeat(16)}`, 'a\u0301\u0323'.repeat(100)])
    expect(orderMarks(text)).toBe(text)
})

test('sixteen times the marks take nothing like 256 times as long', () => {
  const time = (length: number): number => {
    const start = performance.now()
    normalForm('\u0301\u0323'.repeat(length), 'NFC')
    return performance.now() - start
  }
  time(2048)
  const ratios = Array.from({ length: 4 }, () => time(2048 * 16) / time(2048))
  expect(Math.min(...ratios)).toBeLessThan(80)
})

test('Nmt, as the Rust library answers for each code point', () => {
  const nmt = compileNormalizer({ type: 'Nmt' })
  const codes = (result: string): string => {
    const found: string[] = []
    for (let code = 0; code < 0x1_0000; code++)
      if (nmt(`a${String.fromCharCode(code)}b`) === `a${result}b` && code !== 0x20)
        found.push(code.toString(16))
    return found.join(' ')
  }
  expect(codes('')).toBe('1 2 3 4 5 6 7 8 b e f 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 7f 8f 9f')
  expect(codes(' ')).toBe('9 a c d 1680 200b 200c 200d 200e 200f 2028 2029 2581 feff fffd')
})
