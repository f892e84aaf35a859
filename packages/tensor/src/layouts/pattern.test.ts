/**
 * Patterns against `RegExp`, which knows the same syntax, and patterns that a `RegExp` would not finish.
 *
 * Mutations seen red: a refusing look-ahead that demands; `^` true everywhere; `$` before the last character; one copy too few or many of
 * `{m,n}`; look-ahead in look-ahead; no limit of states, length, depth; `[^...]` as `[...]`; falling and double counts; the
 * cost of look-ahead and of unread patterns not counted.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileGlob, compilePattern, PatternBudget } from './pattern.ts'

/** Patterns over few letters, so that they often match; anchored, as Python's `re.match`. */
const depthIdentifier = fc.createDepthIdentifier()
const { pattern: patterns } = fc.letrec<{ pattern: string; piece: string; atom: string }>((tie) => ({
  pattern: fc
    .array(fc.array(tie('piece'), { maxLength: 3, depthIdentifier }), {
      minLength: 1,
      maxLength: 2,
      depthIdentifier,
    })
    .map((choices) => choices.map((pieces) => pieces.join('')).join('|')),
  piece: fc
    .tuple(
      tie('atom'),
      fc.constantFrom('', '', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{1,}', '{0,2}', '{1,3}?'),
    )
    .map(([atom, count]) => (/^(\^|\$|\(\?[=!])/.test(atom) ? atom : atom + count)),
  atom: fc.oneof(
    { maxDepth: 2, depthIdentifier },
    fc.constantFrom('a', 'b', '\\.', '.', '[ab]', '[^a]', '[a-b.]', '\\w', '\\W', '\\d', '0', '^', '$'),
    tie('pattern').map((inner) => `(${inner})`),
    tie('pattern').map((inner) => `(?:${inner})`),
    fc.constantFrom('(?!a)', '(?=b)', '(?!.*b)', '(?=.*\\.a$)'),
  ),
}))
const names = fc.string({ unit: fc.constantFrom('a', 'b', '.', '0'), maxLength: 6 })

test('as RegExp, from the first character on', () => {
  let matched = 0
  let read = 0
  const check = fc.property(patterns, fc.array(names, { minLength: 4, maxLength: 4 }), (source, texts) => {
    const pattern = compilePattern(source)
    if (pattern === undefined) return
    read++
    for (const text of texts) {
      const expected = new RegExp(`^(?:${source})`).test(text)
      if (expected) matched++
      expect(pattern.matches(text), `${source} on ${text}`).toBe(expected)
    }
  })
  fc.assert(check, { numRuns: 3000, seed: 1 })
  // The property holds something: most patterns are read, and both answers are frequent.
  expect(read).toBeGreaterThan(2500)
  expect(matched).toBeGreaterThan(read)
  expect(matched).toBeLessThan(3 * read)
})

describe('patterns of published configurations', () => {
  const cases: readonly [string, string, boolean][] = [
    ['.*lm_head', 'model.lm_head', true],
    ['.*lm_head', 'model.lm', false],
    ['.*mlp.gate$', 'model.layers.3.mlp.gate', true],
    ['.*mlp.gate$', 'model.layers.3.mlp.gate_proj', false],
    ['.*self_attn\\.(q|k|v)_proj$', 'model.layers.0.self_attn.k_proj', true],
    ['model\\.layers\\.\\d+\\.mlp\\.experts\\.\\d+\\..*', 'model.layers.12.mlp.experts.120.up_proj', true],
    ['^(?!.*(lm_head|gate)).*$', 'model.layers.0.up_proj', true],
    ['^(?!.*(lm_head|gate)).*$', 'model.layers.0.mlp.gate', false],
    ['layers', 'model.layers', false],
    ['model', 'model.layers', true],
    ['[A-Za-z]{2}[0-9_-]+\\-x$', 'ab0_-1-x', true],
    ['[]]a', ']a', true],
    ['a{b', 'a{b', true],
  ]
  test.each(cases)('%s on %s: %s', (source, text, expected) => {
    expect(compilePattern(source)?.matches(text)).toBe(expected)
  })
})

test.each([
  ['(a', 'open bracket'],
  ['a)', 'closing bracket'],
  ['[a', 'open set'],
  ['*a', 'nothing to repeat'],
  ['a**', 'two counts'],
  ['a*+', 'possessive'],
  ['a{2}{3}', 'two counts'],
  ['a{3,2}', 'falling counts'],
  ['(?<=a)b', 'look-behind'],
  ['(a)\\1', 'reference'],
  ['(?i)a', 'flags'],
  ['(?P<n>a)', 'named group'],
  ['\\bword', 'boundary'],
  ['(?!a(?!b))', 'looking ahead twice'],
  ['^*', 'a repeated place'],
  ['[\\d-x]', 'a range from a class'],
  ['[b-a]', 'a falling range'],
  ['a\\', 'an escaped end'],
  ['a{500}{1}', 'counts'],
  ['(a{999}){9}', 'too many states'],
  ['a'.repeat(513), 'too long'],
  [`${'('.repeat(40)}a${')'.repeat(40)}`, 'too deep'],
])('%s is not read: %s', (source) => {
  expect(compilePattern(source)).toBeUndefined()
})

test('what a RegExp tries in exponentially many ways takes no time', () => {
  const text = `${'a'.repeat(255)}c`
  const start = performance.now()
  for (const source of [
    '(a*)*b',
    '(a|a)*b',
    '(a+)+$',
    '(.*)*(.*)*(.*)*x',
    '(a?){200}a{200}b',
    '(?!(a*)*b)(a|aa)+b',
  ]) {
    expect(compilePattern(source)?.matches(text), source).toBe(false)
  }
  expect(performance.now() - start).toBeLessThan(2000)
})

test('long names match nothing', () => {
  expect(compilePattern('.*')?.matches('a'.repeat(256))).toBe(true)
  expect(compilePattern('.*')?.matches('a'.repeat(257))).toBe(false)
})

test('a budget admits so many states in all', () => {
  const budget = new PatternBudget()
  const costly = compilePattern(`(?!${'a'.repeat(200)})`)
  expect(costly?.cost).toBeGreaterThan(200 * 256)
  const admitted = Array.from({ length: 100 }, () => budget.admits(costly)).filter(Boolean).length
  expect(admitted).toBe(Math.floor(budget.limit / costly!.cost))
  const unread = new PatternBudget()
  expect(Array.from({ length: 1000 }, () => unread.admits(undefined)).filter(Boolean)).toHaveLength(488)
})

describe('globs', () => {
  const cases: readonly [string, 'start' | 'end', string, boolean][] = [
    ['model.layers.*.self_attn', 'start', 'model.layers.3.self_attn.q_proj', true],
    ['model.layers.*.self_attn', 'start', 'model.layers.3.self_attn', true],
    ['model.layers.*.self_attn', 'start', 'model.layers.3.self_attn2', false],
    ['layers.*', 'start', 'model.layers.3', false],
    ['model.layers.1*', 'end', 'model.layers.12.x', true],
    ['mlp.g?te', 'end', 'model.mlp.gate', true],
    ['mlp.g?te', 'end', 'model.mlp.gate.x', false],
    ['mlp.g?te', 'end', 'xmlp.gate', false],
    ['a.c*', 'start', 'abc', false],
  ]
  test.each(cases)('%s at the %s of %s: %s', (source, anchor, text, expected) => {
    expect(compileGlob(source, anchor)?.matches(text)).toBe(expected)
  })
})
