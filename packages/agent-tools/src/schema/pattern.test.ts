import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PatternLimitError } from '../errors.ts'
import { patternFormat, patternOfFormat, patternProblem, propertyPatternProblem } from './pattern.ts'
import { createMatcher } from './pattern-matcher.ts'
import { parsePattern } from './pattern-syntax.ts'

function matcher(pattern: string): (text: string) => boolean {
  const tree = parsePattern(pattern)
  const match = tree && createMatcher(tree)
  if (match === undefined) throw new TypeError(`not supported: ${pattern}`)
  return match
}

describe('matches what RegExp matches', () => {
  const texts = [
    '',
    'a',
    'ab',
    'aab',
    'ba',
    '1',
    '-1.5',
    'foo_bar',
    'a b',
    'a\nb',
    '😀',
    'é',
    'x😀y',
    '2024-02-30',
    'a@b.co',
    ']',
    '\\',
  ]
  test.each([
    '',
    '^$',
    '^a+$',
    'a|b',
    '^(a|b)*$',
    '^(?:a|ab)(?:c|bcd)?$',
    '.',
    '^.$',
    '^..$',
    '^[^a]$',
    '[\\]]',
    '\\\\',
    '^[a-z_]+$',
    '^-?\\d+(\\.\\d+)?$',
    '\\bb',
    'a\\b',
    '\\B_',
    '^\\p{L}+$',
    '^\\u{1F600}$',
    '^\\uD83D\\uDE00$',
    '^\\x61$',
    '[]',
    '[^]',
    '(?:)*',
    '(?<year>\\d{4})-\\d{2}',
    'a{2}',
    '^a{0,1}b{1,}$',
    'a{2,3}?b',
    '(a?)*b',
    '^(\\w+\\s?)*$',
    '(|a)+b',
    '\\cJ',
    '\\0',
    '^[\\s\\S]*$',
    '^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\\.[a-zA-Z]{2,}$',
  ])('%s', (pattern) => {
    const match = matcher(pattern)
    const native = new RegExp(pattern, 'u')
    for (const text of texts)
      expect({ text, matches: match(text) }).toEqual({ text, matches: native.test(text) })
  })

  const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '^', '$', '\\b', '\\B', 'é')
  const mark = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}', '{2,}', '*?')
  const { pattern } = fc.letrec<{ pattern: string; term: string }>((tie) => ({
    term: fc.oneof(
      { maxDepth: 3 },
      fc.tuple(atom, mark).map(([of, times]) => (/^[$^]|\\[bB]/.test(of) ? of : of + times)),
      fc.tuple(tie('pattern'), mark).map(([inside, times]) => `(?:${inside})${times}`),
    ),
    pattern: fc
      .array(fc.array(tie('term'), { maxLength: 3 }), { minLength: 1, maxLength: 2 })
      .map((options) => options.map((terms) => terms.join('')).join('|')),
  }))
  test('generated patterns', () => {
    // No surrogates: V8 finds an empty match, as of \B, in the middle of a pair.
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', 'é'), maxLength: 6 })
    fc.assert(
      fc.property(pattern, fc.array(text, { maxLength: 5 }), (source, texts) => {
        const tree = parsePattern(source)
        const match = tree && createMatcher(tree)
        fc.pre(match !== undefined)
        const native = new RegExp(source, 'u')
        for (const one of texts) expect(match(one)).toBe(native.test(one))
      }),
      { numRuns: 3000 },
    )
  })
})

test.each(['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '(a*)*b', '^(a?){50}a{50}$', 'a*a*a*a*a*c', '(x+x+)+y'])(
  '%s takes linear time, which would take backtracking years',
  (pattern) => {
    const match = matcher(pattern)
    const time = (length: number): number => {
      const startedAt = performance.now()
      expect(match(`${'a'.repeat(length)}!`)).toBe(false)
      return performance.now() - startedAt
    }
    time(1000)
    expect(time(20_000)).toBeLessThan(2000)
  },
)

test.each([
  ['(', /regular expression \(of JavaScript/],
  ['[a-', /regular expression \(of JavaScript/],
  ['(?=a)b', /without lookaround/],
  ['(?<!a)b', /without lookaround/],
  ['(a)\\1', /without lookaround and backreferences/],
  ['(?<n>a)\\k<n>', /without lookaround and backreferences/],
  ['(a{100}){100}', /smaller counts/],
  ['(?:){4000000000}', /smaller counts/],
  ['a'.repeat(513), /at most 512/],
])('%s is refused', (pattern, expected) => {
  expect(patternProblem(pattern)?.expected).toMatch(expected)
})

test('a pattern as a format', () => {
  const name = patternFormat('^a+$')
  expect(patternOfFormat(name)).toBe('^a+$')
  expect(patternOfFormat('email')).toBeUndefined()
})

test.each<[string, boolean]>([
  ['^x-', true],
  ['^[a-z]+$', true],
  ['abc', true],
  ['^(a|b)$', true],
  ['^a?b+$', true],
  ['[a-z]+$', false],
  ['^a*b*$', false],
  ['^(a+)+$', false],
  ['^(a|a)*$', true],
  ['^a|b*c', false],
])('as the name of properties, %s is allowed: %s', (pattern, allowed) => {
  expect(propertyPatternProblem(pattern) === undefined).toBe(allowed)
})

test('a text that would take too long is refused', () => {
  const match = matcher('^(?:a{100}b?){9}c')
  expect(match('a'.repeat(20_000))).toBe(false)
  expect(() => match('a'.repeat(30_000))).toThrow(PatternLimitError)
})
