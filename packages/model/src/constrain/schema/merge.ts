/** One schema that says what two say. */
import { isObject, type JsonObject, TYPES, type TypeName } from './keywords.ts'

/** Both must hold. Schemas that are kept for one pair of values, so that recursive ones come to an end. */
export class Merger {
  readonly #pairs = new WeakMap<object, WeakMap<object, JsonObject>>()

  /** A schema for values that both schemas allow. */
  both(a: unknown, b: unknown): unknown {
    if (a === true || a === undefined || a === b) return b ?? true
    if (b === true || b === undefined) return a
    if (!isObject(a) || !isObject(b)) return false
    let others = this.#pairs.get(a)
    if (others === undefined) {
      others = new WeakMap()
      this.#pairs.set(a, others)
    }
    let pair = others.get(b)
    if (pair === undefined) {
      pair = { allOf: [a, b] }
      others.set(b, pair)
    }
    return pair
  }

  /**
   * Two cleaned schemas in one. What cannot be said in one is named in `lost`.
   */
  merge(first: JsonObject, second: JsonObject, lost: (keyword: string) => void): JsonObject {
    const [a, b] = [withoutPatterns(first, second, lost), withoutPatterns(second, first, lost)]
    const result: Record<string, unknown> = Object.assign(Object.create(null), a)
    for (const [keyword, value] of Object.entries(b)) {
      const own = a[keyword]
      if (own === undefined) result[keyword] = value
      else if (!same(own, value)) result[keyword] = this.#combine(keyword, own, value, lost)
    }
    this.#objects(result, a, b)
    this.#arrays(result, a, b)
    return result
  }

  #combine(keyword: string, a: unknown, b: unknown, lost: (keyword: string) => void): unknown {
    switch (keyword) {
      case 'type':
        return commonTypes(a, b)
      case 'enum':
        return (a as unknown[]).filter((value) => (b as unknown[]).some((other) => same(value, other)))
      case 'minimum':
      case 'exclusiveMinimum':
      case 'minItems':
      case 'minLength':
        return Math.max(a as number, b as number)
      case 'maximum':
      case 'exclusiveMaximum':
      case 'maxItems':
      case 'maxLength':
        return Math.min(a as number, b as number)
      case 'required':
        return [...new Set([...(a as string[]), ...(b as string[])])]
      case 'nullable':
        return a && b
      case 'properties':
      case 'additionalProperties':
      case 'items':
      case 'prefixItems':
        // Set by #objects and #arrays, which see what the other schema says about the rest.
        return a
      case 'multipleOf':
        return multiple(a as number, b as number, lost)
      case 'const':
        return NEVER
      default:
        lost(keyword)
        return a
    }
  }

  #objects(result: Record<string, unknown>, a: JsonObject, b: JsonObject): void {
    const names = new Set([...keys(a.properties), ...keys(b.properties)])
    if (names.size > 0) {
      const properties: Record<string, unknown> = Object.create(null)
      for (const name of names) properties[name] = this.both(ofProperty(a, name), ofProperty(b, name))
      result.properties = properties
    }
    const rest = this.both(a.additionalProperties, b.additionalProperties)
    if (rest !== true) result.additionalProperties = rest
  }

  #arrays(result: Record<string, unknown>, a: JsonObject, b: JsonObject): void {
    const lists = [a, b].map((schema) => (schema.prefixItems ?? []) as unknown[])
    const length = Math.max(...lists.map((list) => list.length))
    const item = (schema: JsonObject, i: number): unknown =>
      ((schema.prefixItems ?? []) as unknown[])[i] ?? schema.items
    if (length > 0) {
      result.prefixItems = Array.from({ length }, (_, i) => this.both(item(a, i), item(b, i)))
    }
    const rest = this.both(a.items, b.items)
    if (rest !== true) result.items = rest
  }
}

const ABOUT_NAMES = ['properties', 'patternProperties', 'additionalProperties']

/**
 * A schema that is to be merged with another one: without patterns of names if that one speaks of properties too, and then also
 * without a word on additional ones, as which those that match would be refused.
 */
function withoutPatterns(schema: JsonObject, other: JsonObject, lost: (keyword: string) => void): JsonObject {
  if (schema.patternProperties === undefined) return schema
  if (ABOUT_NAMES.every((keyword) => other[keyword] === undefined)) return schema
  lost('patternProperties')
  const { patternProperties: _, additionalProperties: __, ...rest } = schema
  return rest
}

/** A value that no text writes: two different constants. */
export const NEVER: unique symbol = Symbol('never')

function keys(value: unknown): string[] {
  return isObject(value) ? Object.keys(value) : []
}

function ofProperty(schema: JsonObject, name: string): unknown {
  const properties = schema.properties as JsonObject | undefined
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name]
  return schema.additionalProperties
}

/** The types that a schema names; all without the keyword. */
export function typesOf(value: unknown): readonly TypeName[] {
  if (value === undefined) return TYPES.filter((type) => type !== 'integer')
  const list = (Array.isArray(value) ? value : [value]) as TypeName[]
  return list.includes('number') ? list.filter((type) => type !== 'integer') : [...new Set(list)]
}

function commonTypes(a: unknown, b: unknown): TypeName[] {
  const has = (list: readonly TypeName[], type: TypeName): boolean =>
    list.includes(type) || (type === 'integer' && list.includes('number'))
  const [left, right] = [typesOf(a), typesOf(b)]
  return TYPES.filter((type) => has(left, type) && has(right, type)).filter(
    (type, _, all) => type !== 'integer' || !all.includes('number'),
  )
}

function multiple(a: number, b: number, lost: (keyword: string) => void): number {
  if (a % b === 0) return a
  if (b % a === 0) return b
  if (!Number.isInteger(a) || !Number.isInteger(b)) {
    lost('multipleOf')
    return a
  }
  let [x, y] = [a, b]
  while (y !== 0) [x, y] = [y, x % y]
  return (a / x) * b
}

/** Equality of JSON values. */
export function same(a: unknown, b: unknown): boolean {
  return a === b || canonical(a) === canonical(b)
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([x], [y]) => (x < y ? -1 : 1))) : part,
  )
}
