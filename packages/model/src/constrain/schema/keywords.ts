/** The keywords of JSON Schema (2020-12, and what older drafts call them). */

export type JsonObject = { readonly [key: string]: unknown }

/** Followed exactly, or with a warning of their own. */
export const KNOWN: ReadonlySet<string> = new Set(
  (
    'type enum const anyOf oneOf allOf $ref $defs definitions nullable ' +
    'properties required patternProperties additionalProperties items prefixItems additionalItems minItems maxItems ' +
    'pattern minLength maxLength format minimum maximum exclusiveMinimum exclusiveMaximum multipleOf'
  ).split(' '),
)

/** They say nothing about which values are valid. */
export const ANNOTATIONS: ReadonlySet<string> = new Set(
  (
    'title description default examples example $schema $id id $anchor $comment deprecated readOnly writeOnly ' +
    'contentEncoding contentMediaType contentSchema discriminator xml externalDocs strict'
  ).split(' '),
)

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export const TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'] as const
export type TypeName = (typeof TYPES)[number]

/** Which keywords speak of values of which type. */
const ABOUT: readonly (readonly [types: readonly TypeName[], keywords: string])[] = [
  [['object'], 'properties required patternProperties additionalProperties'],
  [['array'], 'items prefixItems additionalItems minItems maxItems'],
  [['string'], 'pattern minLength maxLength format'],
  [['number', 'integer'], 'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf'],
]

/** Whether a schema limits values of a type further. */
export function limits(schema: JsonObject, type: TypeName): boolean {
  return ABOUT.some(
    ([types, keywords]) =>
      types.includes(type) && keywords.split(' ').some((keyword) => schema[keyword] !== undefined),
  )
}
