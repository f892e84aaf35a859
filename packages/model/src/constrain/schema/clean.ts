/** Takes out of a schema what is malformed or not followed, with a warning for each. */
import { ANNOTATIONS, isObject, type JsonObject, KNOWN, TYPES } from './keywords.ts'
import { escapePointer, type Warnings } from './warning.ts'

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value)
const isSchema = (value: unknown): boolean => typeof value === 'boolean' || isObject(value)
const isSchemaList = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every(isSchema)
const isName = (value: unknown): boolean => (TYPES as readonly unknown[]).includes(value)

type Test = readonly [expected: string, test: (value: unknown) => boolean]
const COUNT: Test = ['an integer >= 0', isCount]
const SCHEMA: Test = ['a schema', isSchema]
const NUMBER: Test = ['a number', isNumber]
const SCHEMAS: Test = ['a list of schemas, not empty', isSchemaList]
const TEXT: Test = ['a string', (value) => typeof value === 'string']
const MAP: Test = ['an object of schemas', (value) => isObject(value)]

const SCHEMA_MAP: Test = [
  'an object of schemas',
  (value) => isObject(value) && Object.values(value).every(isSchema),
]

const FORMS: Readonly<Record<string, Test>> = {
  type: [
    'a type or a list of types',
    (value) => isName(value) || (Array.isArray(value) && value.length > 0 && value.every(isName)),
  ],
  enum: ['a list of values', Array.isArray],
  anyOf: SCHEMAS,
  oneOf: SCHEMAS,
  allOf: SCHEMAS,
  $ref: TEXT,
  $defs: MAP,
  definitions: MAP,
  nullable: ['true or false', (value) => typeof value === 'boolean'],
  properties: SCHEMA_MAP,
  patternProperties: SCHEMA_MAP,
  required: [
    'a list of names',
    (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
  ],
  additionalProperties: SCHEMA,
  items: ['a schema', (value) => isSchema(value) || isSchemaList(value)],
  additionalItems: SCHEMA,
  prefixItems: SCHEMAS,
  minItems: COUNT,
  maxItems: COUNT,
  minLength: COUNT,
  maxLength: COUNT,
  pattern: TEXT,
  format: TEXT,
  minimum: NUMBER,
  maximum: NUMBER,
  // Draft 4 has true or false here.
  exclusiveMinimum: ['a number', (value) => isNumber(value) || typeof value === 'boolean'],
  exclusiveMaximum: ['a number', (value) => isNumber(value) || typeof value === 'boolean'],
  multipleOf: ['a number > 0', (value) => isNumber(value) && (value as number) > 0],
}

/** The part of a schema that is followed. The values in it are of the right form one level deep. */
export function clean(schema: JsonObject, pointer: string, warnings: Warnings): JsonObject {
  const result: Record<string, unknown> = Object.create(null)
  for (const [keyword, value] of Object.entries(schema)) {
    if (ANNOTATIONS.has(keyword) || value === undefined) continue
    if (!KNOWN.has(keyword)) {
      warnings.add(pointer, keyword, 'is not supported and was ignored')
      continue
    }
    const form = FORMS[keyword]
    if (form !== undefined && !form[1](value)) {
      if (form === SCHEMA_MAP && isObject(value)) {
        result[keyword] = goodProperties(value, `${pointer}/${keyword}`, warnings)
        continue
      }
      warnings.add(pointer, keyword, `must be ${form[0]} and was ignored`)
      continue
    }
    result[keyword] = value
  }
  return modern(result)
}

function goodProperties(properties: JsonObject, pointer: string, warnings: Warnings): JsonObject {
  const result: Record<string, unknown> = Object.create(null)
  for (const [name, value] of Object.entries(properties)) {
    result[name] = isSchema(value) ? value : true
    if (!isSchema(value)) warnings.add(pointer, escapePointer(name), 'must be a schema; any value is taken')
  }
  return result
}

/** Older drafts said some things in other words. */
function modern(schema: Record<string, unknown>): JsonObject {
  if (Array.isArray(schema.items)) {
    schema.prefixItems = schema.items
    schema.items = schema.additionalItems ?? true
  }
  delete schema.additionalItems
  for (const [exclusive, plain] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof schema[exclusive] !== 'boolean') continue
    if (schema[exclusive] && schema[plain] !== undefined) {
      schema[exclusive] = schema[plain]
      delete schema[plain]
    } else delete schema[exclusive]
  }
  return schema
}
