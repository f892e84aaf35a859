/** Expressions against JavaScript's own engine, on texts that come from random walks and from fast-check. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Constrainer } from './constraint.ts'
import { EmptyGrammarError, GrammarLimitError, RegexError } from './errors.ts'
import { regexGrammar } from './regex/grammar.ts'
import { regexMatches } from './regex/matches.ts'
import { smallVocabulary } from './testing/vocabularies.ts'
import { accepts, randomNumbers, randomTokens, randomWalk, tokensByText } from './testing/walks.ts'

const vocabulary = smallVocabulary(['ab', 'ba', '12', 'é', 'aab', '-a', '\n', '漢字'])
const constrainer = new Constrainer(vocabulary)
const tokens = tokensByText(vocabulary)

const EXPRESSIONS = [
  'abc',
  'a|b|',
  '(?:a|ab)(?:c|bcd)?',
  'a*b+c?',
  'a{2}b{1,3}c{2,}',
  '(a*)*b',
  '(?<name>a|b){0,2}',
  '(a{0,2}){0,3}',
  '[a-c]x[^a-c\\n]',
  '[\\d\\-]+',
  '[\\]\\\\^]',
  '.',
  '\\d+\\.\\d{2}',
  '\\w+@\\w+\\.(?:org|com)',
  '\\s\\S\\D\\W',
  '\\u{1F600}|\\ud83d\\ude01|\\u00e9|\\x41',
  '[^\\u0000-\\u007f]{1,2}',
  '\\p{Lu}\\p{Ll}*\\P{L}',
  '[\\p{Script=Greek}a]+',
  '[-a]|[a-]',
  '\\/\\{\\}\\$\\^',
  'a*?b+?',
]

describe.each(EXPRESSIONS)('%s', (source) => {
  const grammar = regexGrammar(source)
  const real = new RegExp(`^(?:${source})$`, 'u')

  it('allows only what matches', () => {
    for (let seed = 0; seed < 30; seed++) {
      const { text } = randomWalk(constrainer.start(grammar), vocabulary, randomNumbers(seed), 5, [])
      expect(real.test(text), JSON.stringify(text)).toBe(true)
    }
  })

  it('agrees on any text', () => {
    const any = fc.string({ unit: fc.constantFrom(...'abcdx1-.@ \n]\\^Aé😀漢Ω/{}$orgm'), maxLength: 6 })
    // Texts that match, and such with a character more or less.
    const near = fc.tuple(fc.nat(), fc.nat(), any).map(([seed, at, more]) => {
      const { text } = randomWalk(constrainer.start(grammar), vocabulary, randomNumbers(seed), 5, [])
      return seed % 2 === 0 ? text : `${text.slice(0, at % 8)}${more.slice(0, 1)}${text.slice(at % 8)}`
    })
    const text = fc.oneof(any, near)
    fc.assert(
      fc.property(text, fc.nat(), (value, seed) => {
        const ids = randomTokens(value.toWellFormed(), tokens, randomNumbers(seed))
        expect(accepts(constrainer, grammar, ids), JSON.stringify(value)).toBe(
          real.test(value.toWellFormed()),
        )
        expect(regexMatches(`^(?:${source})$`, value)).toBe(real.test(value))
      }),
      { numRuns: 60, seed: 1 },
    )
  })
})

describe('what is not taken', () => {
  it.each([
    ['(?=a)', 2],
    ['(?<!a)', 2],
    ['(a)\\1', 3],
    ['a\\b', 1],
    ['(a', 2],
    ['a)', 1],
    ['[a', 2],
    ['a**', 3],
    ['*a', 0],
    ['{', 0],
    ['a{2,1}', 6],
    ['[b-a]', 4],
    ['a^b', 1],
    ['(a$)', 2],
    ['\\p{Nothing}', 0],
    ['\\', 0],
    ['\\u{110000}', 0],
  ])('%s', (source, at) => {
    const error = (() => {
      try {
        return regexGrammar(source)
      } catch (thrown) {
        return thrown
      }
    })()
    expect(error).toBeInstanceOf(RegexError)
    expect((error as RegexError).at).toBe(at)
  })

  it('what grows without bounds ends at a limit', () => {
    expect(() => regexGrammar('(((a{100}){100}){100}){100}')).toThrow(GrammarLimitError)
    expect(() => regexGrammar('('.repeat(1000))).toThrow(RegexError)
    expect(() => regexGrammar('a'.repeat(200_000))).toThrow(RegexError)
  })

  it('what matches nothing', () => {
    expect(() => regexGrammar('[^\\s\\S]')).toThrow(EmptyGrammarError)
  })
})
