/**
 * The JSON Schema Test Suite, draft 7 and 2020-12 with its optional parts: what is valid is allowed; what is invalid is refused, unless
 * a warning said that a keyword of the schema is not followed. What differs on purpose stands in `differences` with its reason.
 *
 * Mutations seen red: additionalProperties kept beside patternProperties, keywords beside $ref in draft 7, exclusive bounds taken as
 * inclusive, maxItems one more, required ignored.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Constrainer } from './constraint.ts'
import { EmptyGrammarError } from './errors.ts'
import type { Grammar } from './grammar.ts'
import { schemaGrammar } from './schema/grammar.ts'
import { inEveryOrder } from './testing/orders.ts'
import { smallVocabulary } from './testing/vocabularies.ts'

const cache = '../../../../node_modules/.cache/octoscale/json-schema-test-suite/'
const folder = fileURLToPath(new URL(cache, import.meta.url))
const REASON = 'the suite is absent: run python tooling/fixtures/json-schema/fetch_test_suite.py (370 kB)'

interface Group {
  readonly description: string
  readonly schema: unknown
  readonly tests: readonly { readonly description: string; readonly data: unknown; readonly valid: boolean }[]
}

/** Where the grammar takes fewer or other values than the suite wants, by file and words of the description. */
const differences: readonly (readonly [file: string, words: RegExp, reason: string])[] = [
  ['format', /is only an annotation by default$/, 'formats are asserted'],
  ['optional/format/', /leap second/, 'not written'],
  ['optional/format/', /case-insensitive/, 'RFC 3339: who writes should use T and Z'],
  ['optional/format/email', /quoted string|address-literal/, 'not written'],
  [
    'optional/bignum',
    /a (negative )?bignum is an integer/,
    'JSON.stringify writes an exponent, the grammar digits',
  ],
  ['optional/float-overflow', /overflow handling/, 'the same'],
  ['optional/content', /invalid/, 'draft 7 lets content be checked or not'],
  ['vocabulary', /no validation/, 'metaschemas are not read'],
]

/** Keywords that are ignored, and those followed in part or for some values; no warning names any other. */
const notFollowed = new Set(
  (
    '$dynamicAnchor $dynamicRef contains minContains maxContains dependencies dependentRequired dependentSchemas if then else not ' +
    'minProperties maxProperties propertyNames unevaluatedItems unevaluatedProperties uniqueItems ' +
    'unknown-keyword ' +
    '$ref format multipleOf oneOf patternProperties'
  ).split(' '),
)

const constrainer = new Constrainer(smallVocabulary([]))

function allows(grammar: Grammar, text: string): boolean {
  const constraint = constrainer.start(grammar)
  return (
    new TextEncoder().encode(text).every((byte) => {
      const allowed = constraint.allows(byte)
      if (allowed) constraint.accept(byte)
      return allowed
    }) && constraint.complete
  )
}

function allowsInSomeOrder(grammar: Grammar, value: unknown): boolean {
  for (const text of inEveryOrder(value)) if (allows(grammar, text)) return true
  return false
}

/** The grammar, undefined when no value satisfies the schema; and the keywords of its warnings. */
function compile(draft: string, schema: unknown): { grammar: Grammar | undefined; warned: string[] } {
  const old = draft === 'draft7' && typeof schema === 'object'
  const document = old ? { $schema: 'http://json-schema.org/draft-07/schema#', ...schema } : schema
  try {
    const { grammar, warnings } = schemaGrammar(document)
    return { grammar, warned: warnings.map(({ keyword }) => keyword) }
  } catch (error) {
    if (!(error instanceof EmptyGrammarError)) throw error
    return { grammar: undefined, warned: [] }
  }
}

test.for([
  ['draft7', { allowed: 839, refused: 418, warned: 191, different: 17 }],
  ['draft2020-12', { allowed: 1085, refused: 443, warned: 350, different: 28 }],
] as const)('%s', ([draft, counts], { skip }) => {
  const path = `${folder}${draft}.json`
  skip(!existsSync(path), REASON)
  const files = JSON.parse(readFileSync(path, 'utf8')) as Record<string, readonly Group[]>
  const found = { allowed: 0, refused: 0, warned: 0, different: 0 }
  const wrong: string[] = []
  const warnings = new Set<string>()
  for (const [file, groups] of Object.entries(files)) {
    for (const { description, schema, tests } of groups) {
      const { grammar, warned } = compile(draft, schema)
      for (const keyword of warned) warnings.add(keyword)
      for (const { description: what, data, valid } of tests) {
        const allowed = grammar !== undefined && allowsInSomeOrder(grammar, data)
        const known = differences.some(([prefix, words]) => file.startsWith(prefix) && words.test(what))
        if (allowed === valid) found[valid ? 'allowed' : 'refused']++
        else if (!valid && warned.length > 0) found.warned++
        else if (known) found.different++
        else
          wrong.push(
            `${file}: ${description}: ${what}: ${JSON.stringify(data)} is ${valid ? 'valid' : 'invalid'}`,
          )
      }
    }
  }
  expect(wrong).toEqual([])
  expect([...warnings].filter((keyword) => !notFollowed.has(keyword))).toEqual([])
  expect(found).toEqual(counts)
})
