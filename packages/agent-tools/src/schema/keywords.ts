/** The JSON Schema keywords that are understood, by what they hold. Others are annotations and are not checked. */
import { describe } from '../describe.ts'
import { isRecord } from '../is-record.ts'

/** One schema, or true or false. */
export const schemaKeywords: ReadonlySet<string> = new Set([
  'additionalItems',
  'additionalProperties',
  'contains',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
])

/** A list of schemas. `items` may be one too, before draft 2020-12. */
export const schemaListKeywords: ReadonlySet<string> = new Set([
  'allOf',
  'anyOf',
  'items',
  'oneOf',
  'prefixItems',
])

/** Schemas by name. In `dependencies` a list of names may stand instead of a schema. */
export const schemaMapKeywords: ReadonlySet<string> = new Set([
  'dependencies',
  'dependentSchemas',
  'patternProperties',
  'properties',
])

/** They change what a `$ref` means: too much for a schema that a model has to follow. */
export const refusedKeywords: ReadonlySet<string> = new Set(['$dynamicRef', '$recursiveRef'])

interface Form {
  readonly expected: string
  readonly fits: (value: unknown) => boolean
}

const types = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'])
const isType = (value: unknown): boolean => typeof value === 'string' && types.has(value)
const isNames = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

const count: Form = { expected: 'a whole number, 0 or more', fits: isCount }
const number: Form = { expected: 'a number', fits: (value) => typeof value === 'number' }
const text: Form = { expected: 'text', fits: (value) => typeof value === 'string' }

/** Keywords that hold plain values. */
const forms: ReadonlyMap<string, Form> = new Map([
  [
    'type',
    {
      expected: `one of ${[...types].join(', ')}, or a list of them`,
      fits: (value) => isType(value) || (Array.isArray(value) && value.length > 0 && value.every(isType)),
    },
  ],
  ['const', { expected: 'a value', fits: () => true }],
  ['enum', { expected: 'a list', fits: (value) => Array.isArray(value) && value.length > 0 }],
  ['required', { expected: 'a list of names', fits: isNames }],
  [
    'dependentRequired',
    {
      expected: 'lists of names, by name',
      fits: (value) => isRecord(value) && Object.values(value).every(isNames),
    },
  ],
  ['uniqueItems', { expected: 'true or false', fits: (value) => typeof value === 'boolean' }],
  ['multipleOf', { expected: 'a number above 0', fits: (value) => typeof value === 'number' && value > 0 }],
  ...(['maximum', 'minimum', 'exclusiveMaximum', 'exclusiveMinimum'] as const).map(
    (name) => [name, number] as const,
  ),
  ...(['maxLength', 'minLength', 'maxItems', 'minItems', 'maxProperties', 'minProperties'] as const).map(
    (name) => [name, count] as const,
  ),
  ...(['maxContains', 'minContains'] as const).map((name) => [name, count] as const),
  ...(['pattern', 'format'] as const).map((name) => [name, text] as const),
])

/** Whether a keyword with a plain value is known. */
export function isValueKeyword(keyword: string): boolean {
  return forms.has(keyword)
}

/** What is wrong with the value of a plain keyword, or undefined. */
export function valueProblem(
  keyword: string,
  value: unknown,
): { readonly expected: string; readonly got: string } | undefined {
  const form = forms.get(keyword)
  if (form === undefined || form.fits(value)) return undefined
  return { expected: form.expected, got: describe(value) }
}
