/** The values of `enum` and `const` that the keywords beside them allow. */

import { regexMatches } from '../regex/matches.ts'
import { isObject, type JsonObject, limits, type TypeName } from './keywords.ts'
import { same, typesOf } from './merge.ts'
import type { Warnings } from './warning.ts'

export function allowedValues(schema: JsonObject, pointer: string, warnings: Warnings): unknown[] {
  let values = (schema.enum ?? [schema.const]) as unknown[]
  if (schema.enum !== undefined && 'const' in schema) {
    values = values.filter((value) => same(value, schema.const))
  }
  const types = typesOf(schema.type)
  return values.filter((value) => {
    if (value === null && schema.nullable === true) return true
    const type = typeOf(value)
    if (!types.includes(type) && !(type === 'integer' && types.includes('number'))) return false
    if (!limits(schema, type)) return true
    if (typeof value === 'number') return numberFits(schema, value)
    if (typeof value === 'string') return stringFits(schema, value, pointer, warnings)
    warnings.add(pointer, 'enum', 'objects and arrays in it are not checked by the keywords beside it')
    return true
  })
}

function typeOf(value: unknown): TypeName {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (isObject(value)) return 'object'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value === 'boolean' ? 'boolean' : 'string'
}

function numberFits(schema: JsonObject, value: number): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema as Record<
    string,
    number | undefined
  >
  return (
    value >= (minimum ?? Number.NEGATIVE_INFINITY) &&
    value <= (maximum ?? Number.POSITIVE_INFINITY) &&
    value > (exclusiveMinimum ?? Number.NEGATIVE_INFINITY) &&
    value < (exclusiveMaximum ?? Number.POSITIVE_INFINITY) &&
    (multipleOf === undefined || Number.isInteger(value / multipleOf))
  )
}

function stringFits(schema: JsonObject, value: string, pointer: string, warnings: Warnings): boolean {
  const length = [...value].length
  if (length < ((schema.minLength as number | undefined) ?? 0)) return false
  if (length > ((schema.maxLength as number | undefined) ?? Number.POSITIVE_INFINITY)) return false
  if (schema.pattern === undefined) return true
  const matches = regexMatches(schema.pattern as string, value)
  if (matches === undefined) warnings.add(pointer, 'pattern', 'is not supported and was ignored')
  return matches ?? true
}
