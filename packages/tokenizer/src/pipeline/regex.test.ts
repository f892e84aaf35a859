import { describe, expect, test } from 'vitest'
import { UnsupportedTokenizerError } from '../errors.ts'
import { compileLiteral, compileRegex } from './regex.ts'

// What the translated patterns match is compared with the Rust library in split.test.ts.
describe('translation', () => {
  test.each([
    ['\\s+(?!\\S)', '\\p{White_Space}+(?!\\P{White_Space})'],
    ['[^\\s\\d]', '[^\\p{White_Space}\\p{Nd}]'],
    ['\\p{Han}\\p{Lu}', '\\p{Script=Han}\\p{Lu}'],
    ["(?i:'s)", "(?:'[sS\\u017f])"],
    ['a++', '(?:(?=(?<a1>a+))\\k<a1>)'],
    ['(a)', '(?:a)'],
    ['a{,2}', 'a{0,2}'],
    ['{', '\\{'],
  ])('%s', (pattern, expected) => {
    expect(compileRegex(pattern, 'p').source).toBe(expected)
  })
})

test.each([
  '\\w',
  '\\b',
  '\\1',
  '\\p{^L}',
  '[[a]]',
  '[a&&b]',
  '(?i)a',
  '(?<n>a)',
  '(?i:[a-z])',
  '(?i:é)',
  'a**',
  'a{2}?',
  '(a',
  'a)',
  '[a',
  '*a',
  'a\\',
  '[a-\\d]',
  '\\p{NoSuchScript}',
  '('.repeat(2000),
])('refuses %j', (pattern) => {
  expect(() => compileRegex(pattern, 'the.path')).toThrow(UnsupportedTokenizerError)
  expect(() => compileRegex(pattern, 'the.path')).toThrow('the.path')
})

test('a literal matches itself only', () => {
  const text = '^$\\.*+?()[]{}|/-a '
  expect(text.match(compileLiteral(text))).toEqual([text])
  expect('b'.match(compileLiteral('.'))).toBeNull()
})
