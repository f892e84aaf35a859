/**
 * Constraints: steps, ends, ways back, limits.
 *
 * Mutations seen red: tokens forced where a longer one may begin (forced.ts).
 */
import { describe, expect, it } from 'vitest'
import { Constrainer } from './constraint.ts'
import { EmptyGrammarError, GrammarLimitError, TokenRefusedError } from './errors.ts'
import { bitsToList } from './masks.ts'
import { constraintProcessor, maskLogits } from './processor.ts'
import { regexGrammar } from './regex/grammar.ts'
import { schemaGrammar } from './schema/grammar.ts'
import { octoTinyVocabulary, smallVocabulary } from './testing/vocabularies.ts'
import { accepts, randomNumbers, randomTokens, tokensByText } from './testing/walks.ts'

const vocabulary = smallVocabulary(['ab', 'abc', 'c{', '{"', '{"name', 'name'])
const constrainer = new Constrainer(vocabulary)
const [end] = vocabulary.endIds as [number]
const idOf = (text: string): number => tokensByText(vocabulary).get(text) as number
const listed = (mask: Uint32Array): number[] => [...(bitsToList(mask, 10_000) as Int32Array)]

describe('a constraint', () => {
  it('names the tokens that may come, and the end when it may come', () => {
    const constraint = constrainer.start(regexGrammar('abc?'))
    expect(listed(constraint.mask())).toEqual([idOf('a'), idOf('ab'), idOf('abc')].sort((a, b) => a - b))
    constraint.accept(idOf('ab'))
    expect(constraint.complete).toBe(true)
    expect(listed(constraint.mask())).toEqual([idOf('c'), end])
    constraint.accept(end)
    expect(constraint.ended).toBe(true)
    expect(listed(constraint.mask())).toEqual([])
  })

  it('refuses a token without a change', () => {
    const constraint = constrainer.start(regexGrammar('abc'))
    for (const id of [idOf('b'), end, end - 1, -1, 1e9, 0.5]) {
      expect(() => constraint.accept(id)).toThrow(TokenRefusedError)
      expect(constraint.allows(id)).toBe(false)
    }
    constraint.accept(idOf('abc'))
    expect(constraint.complete).toBe(true)
  })

  it('goes back, and goes on beside a copy', () => {
    const constraint = constrainer.start(regexGrammar('(?:ab){3}'))
    constraint.accept(idOf('ab'))
    const copy = constraint.clone()
    constraint.accept(idOf('a'))
    constraint.rollback(1)
    expect(listed(constraint.mask())).toEqual(listed(copy.mask()))
    constraint.rollback(99)
    expect(listed(constraint.mask())).toEqual(listed(constrainer.start(regexGrammar('(?:ab){3}')).mask()))
    copy.accept(idOf('ab'))
    copy.accept(idOf('ab'))
    expect(copy.complete).toBe(true)
  })

  it('never takes a control token as text, whatever its bytes', () => {
    const odd = {
      ...vocabulary,
      bytesOf: (id: number) => (id >= end - 2 ? Uint8Array.of(97) : vocabulary.bytesOf(id)),
    }
    expect(listed(new Constrainer(odd).start(regexGrammar('a')).mask())).toEqual([idOf('a')])
  })

  it('allows tokens of equal bytes alike', () => {
    const twins = {
      ...vocabulary,
      bytesOf: (id: number) => (id === 0 ? Uint8Array.of(97) : vocabulary.bytesOf(id)),
    }
    expect(listed(new Constrainer(twins).start(regexGrammar('a')).mask())).toEqual([0, idOf('a')])
  })

  it('names what must come, but nothing in whose place a longer token may begin', () => {
    const schema = {
      type: 'object',
      properties: { name: { const: 'x' } },
      required: ['name'],
      additionalProperties: false,
    }
    const constraint = constrainer.start(schemaGrammar(schema).grammar)
    const forced = constraint.forcedTokens()
    expect(forced[0]).toBe(idOf('{"name'))
    for (const id of forced) constraint.accept(id)
    expect(constraint.complete).toBe(true)
    // After "a" there is a choice, and "abc" could be one token.
    expect(constrainer.start(regexGrammar('ab(?:c|d)')).forcedTokens()).toEqual([])
    expect(constrainer.start(regexGrammar('cab(?:x|d)')).forcedTokens()).toEqual([idOf('c'), idOf('ab')])
  })

  it('changes logits, also beyond the vocabulary', () => {
    const processor = constraintProcessor(constrainer.start(regexGrammar('a')))
    const logits = new Float32Array(vocabulary.size + 100).fill(1)
    processor.process(logits)
    expect([...logits.keys()].filter((id) => logits[id] === 1)).toEqual([idOf('a')])
    expect(new Set(logits)).toEqual(new Set([1, Number.NEGATIVE_INFINITY]))
    processor.accept(idOf('a'))
    expect(processor.forced()).toEqual([])
    const all = new Float32Array(40).fill(2)
    maskLogits(all, new Uint32Array([0xffffffff, 1]))
    expect([...all.keys()].filter((id) => all[id] === 2)).toEqual(Array.from({ length: 33 }, (_, id) => id))
  })
})

describe('limits', () => {
  const tiny = octoTinyVocabulary()
  const tinyConstrainer = new Constrainer(tiny)
  const tokens = tokensByText(tiny)

  it('counts far without preparing it', () => {
    const { grammar } = schemaGrammar({ type: 'string', minLength: 900_000, maxLength: 1_000_000 })
    const constraint = tinyConstrainer.start(grammar)
    constraint.accept(tokens.get('"') as number)
    for (let i = 0; i < 40_000; i++) constraint.accept(tokens.get('a') as number)
    expect(constraint.allows(tokens.get('"') as number)).toBe(false)
    const short = tinyConstrainer.start(
      schemaGrammar({ type: 'string', minLength: 20_000, maxLength: 20_001 }).grammar,
    )
    short.accept(tokens.get('"') as number)
    for (let i = 0; i < 19_999; i++) short.accept(tokens.get('b') as number)
    expect(short.allows(tokens.get('"') as number)).toBe(false)
    short.accept(tokens.get('b') as number)
    expect(short.allows(tokens.get('"') as number)).toBe(true)
    short.accept(tokens.get('b') as number)
    expect(listed(short.mask()).map((id) => String.fromCharCode(...(tiny.bytesOf(id) ?? [])))).toEqual(['"'])
  })

  it('nests deep, up to a limit', () => {
    const nested = schemaGrammar({ type: 'array', items: { $ref: '#' } }).grammar
    const depth = 3000
    const ids = randomTokens('['.repeat(depth) + ']'.repeat(depth), tokens, randomNumbers(1))
    expect(accepts(tinyConstrainer, nested, ids)).toBe(true)
    const constraint = tinyConstrainer.start(nested)
    expect(() => {
      for (let i = 0; i < 20_000; i++) constraint.accept(tokens.get('[') as number)
    }).toThrow(GrammarLimitError)
  })

  it('ambiguity does not multiply', () => {
    // Each level can be read in three ways: 3^60 in all.
    const level = { type: 'array', items: { $ref: '#' } }
    const schema = {
      anyOf: [{ ...level }, { ...level, maxItems: 5 }, { ...level, minItems: 1 }, { type: 'null' }],
    }
    const text = `${'['.repeat(60)}null${']'.repeat(60)}`
    expect(
      accepts(tinyConstrainer, schemaGrammar(schema).grammar, randomTokens(text, tokens, randomNumbers(2))),
    ).toBe(true)
  })

  it('an expression that explodes as a deterministic automaton only meets the states it needs', () => {
    const grammar = regexGrammar('[ab]*a[ab]{60}')
    const ids = randomTokens('ab'.repeat(80), tokens, randomNumbers(3))
    const constraint = tinyConstrainer.start(grammar)
    for (const id of ids) constraint.accept(id)
    expect(constraint.complete).toBe(false)
    constraint.accept(tokens.get('a') as number)
    expect(constraint.complete).toBe(true)
  })

  it('ten thousand values', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => `value ${i} ${i * 7919}`)
    const { grammar } = schemaGrammar({ enum: values })
    expect(
      accepts(tinyConstrainer, grammar, randomTokens('"value 9999 79182081"', tokens, randomNumbers(4))),
    ).toBe(true)
    expect(
      accepts(tinyConstrainer, grammar, randomTokens('"value 9999 79182082"', tokens, randomNumbers(4))),
    ).toBe(false)
  })

  it.each([
    ['two lengths', { type: 'string', minLength: 3, maxLength: 2 }],
    ['no values', { enum: [] }],
    ['false', false],
    ['endless', { type: 'object', properties: { a: { $ref: '#' } }, required: ['a'] }],
    ['only itself', { $ref: '#' }],
    ['two constants', { allOf: [{ const: 1 }, { const: 2 }] }],
    ['no common type', { allOf: [{ type: 'string' }, { type: 'null' }] }],
    ['items that must be and cannot', { type: 'array', items: false, minItems: 1 }],
    ['no integer between', { type: 'integer', exclusiveMinimum: 1, exclusiveMaximum: 2 }],
    ['pattern against length', { type: 'string', pattern: '^a{5}$', maxLength: 3 }],
  ])('nothing satisfies %s', (_, schema) => {
    expect(() => schemaGrammar(schema)).toThrow(EmptyGrammarError)
  })

  it.each([
    ['itself or itself', { anyOf: [{ $ref: '#' }, { $ref: '#' }] }],
    [
      'anyOf that multiplies',
      { allOf: Array.from({ length: 30 }, (_, i) => ({ anyOf: [{ minLength: i }, { maxLength: i }] })) },
    ],
    [
      'references that multiply',
      {
        $defs: {
          a: { anyOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/b' }] },
          b: { anyOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/b' }] },
        },
        $ref: '#/$defs/a',
      },
    ],
  ])('%s ends at a limit', (_, schema) => {
    expect(() => schemaGrammar(schema)).toThrow(GrammarLimitError)
  })
})
