/** JSON Schema to rules: one for each schema that is met. */
import type { GrammarBuilder } from '../builder.ts'
import { GrammarLimitError } from '../errors.ts'
import type { NodeId, RuleId } from '../grammar.ts'
import { clean } from './clean.ts'
import { writeArray, writeObject } from './containers.ts'
import { isObject, type JsonObject, type TypeName } from './keywords.ts'
import { allowedValues } from './listed.ts'
import { Merger, NEVER, typesOf } from './merge.ts'
import { propertiesOf } from './properties.ts'
import { resolve } from './resolve.ts'
import { numberSchema, stringSchema } from './scalars.ts'
import type { Style } from './style.ts'
import { anyObjectRule, anyRule, writeValues } from './values.ts'
import { Warnings } from './warning.ts'

const MOST_SCHEMAS = 20_000
/** Alternatives of one schema, after all combinations of `anyOf` and `oneOf`. */
const MOST_ALTERNATIVES = 1000
const MOST_REFERENCES = 100

export class SchemaCompiler {
  readonly #builder: GrammarBuilder
  readonly #style: Style
  readonly #document: unknown
  readonly #rules = new Map<object, RuleId>()
  readonly #merger = new Merger()
  /** Up to draft 7 nothing counts beside `$ref`. */
  readonly #referenceAlone: boolean
  readonly warnings: Warnings = new Warnings()
  /** Schemas whose rule is to be written: nesting is not limited by JavaScript's stack. */
  readonly #waiting: { schema: JsonObject; pointer: string; rule: RuleId }[] = []
  #never: RuleId | undefined

  constructor(builder: GrammarBuilder, style: Style, document: unknown) {
    this.#builder = builder
    this.#style = style
    this.#document = document
    const draft = isObject(document) ? document.$schema : undefined
    this.#referenceAlone = typeof draft === 'string' && /\bdraft-0[3-7]\b/.test(draft)
  }

  /** @throws GrammarLimitError */
  compile(): RuleId {
    const root = this.#ruleOf(this.#document, '')
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) {
      this.#write(next.schema, next.pointer, next.rule)
    }
    return root
  }

  #ruleOf(schema: unknown, pointer: string): RuleId {
    if (schema === false) return this.#neverRule()
    if (!isObject(schema)) return anyRule(this.#builder, this.#style)
    const known = this.#rules.get(schema)
    if (known !== undefined) return known
    if (this.#rules.size >= MOST_SCHEMAS)
      throw new GrammarLimitError({ what: 'schemas', limit: MOST_SCHEMAS })
    const rule = this.#builder.rule()
    this.#rules.set(schema, rule)
    this.#waiting.push({ schema, pointer, rule })
    return rule
  }

  /** A rule that matches nothing. */
  #neverRule(): RuleId {
    this.#never ??= this.#builder.rule()
    return this.#never
  }

  #write(schema: JsonObject, pointer: string, rule: RuleId): void {
    const { start, end } = this.#builder.get(rule)
    for (const alternative of this.#flatten(schema, pointer))
      this.#writeFlat(alternative, pointer, [start, end])
  }

  /** Schemas without references and combinations, of which one must hold. */
  #flatten(schema: JsonObject, pointer: string): JsonObject[] {
    const result: JsonObject[] = []
    const lost = (keyword: string): void =>
      this.warnings.add(
        pointer,
        keyword,
        'cannot be combined with the same keyword beside it; one was ignored',
      )
    const waiting: Combination[] = [{ plain: {}, parts: [[schema, pointer]], choices: [], references: 0 }]
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (this.#takeParts(next, lost)) {
        const [choice, ...choices] = next.choices
        if (choice === undefined) result.push(next.plain)
        for (const option of choice ?? []) waiting.push({ ...next, parts: [option], choices })
      }
      if (waiting.length + result.length > MOST_ALTERNATIVES) {
        throw new GrammarLimitError({ what: 'alternatives of a schema', limit: MOST_ALTERNATIVES })
      }
    }
    return result
  }

  /** Puts all parts that must hold into one schema; false if nothing can satisfy them. */
  #takeParts(combination: Combination, lost: (keyword: string) => void): boolean {
    const parts = [...combination.parts]
    const choices = [...combination.choices]
    combination.choices = choices
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      const [schema, pointer] = part
      if (schema === false) return false
      if (!isObject(schema)) continue
      const {
        $ref,
        allOf,
        anyOf,
        oneOf,
        $defs: _,
        definitions: __,
        ...plain
      } = clean(this.#referenceAlone ? alone(schema) : schema, pointer, this.warnings) as Combined
      for (const [i, each] of allOf?.entries() ?? []) parts.push([each, `${pointer}/allOf/${i}`])
      if (anyOf !== undefined) choices.push(anyOf.map((each, i) => [each, `${pointer}/anyOf/${i}`]))
      if (oneOf !== undefined) {
        if (oneOf.length > 1)
          this.warnings.add(pointer, 'oneOf', 'is taken as anyOf: more than one may match')
        choices.push(oneOf.map((each, i) => [each, `${pointer}/oneOf/${i}`]))
      }
      if ($ref !== undefined) {
        if (++combination.references > MOST_REFERENCES) {
          this.warnings.add(pointer, '$ref', 'refers to itself without an end; no value is taken')
          return false
        }
        const target = resolve(this.#document, $ref)
        if (target === undefined)
          this.warnings.add(pointer, '$ref', `nothing at ${$ref.slice(0, 80)}; any value is taken`)
        parts.push([target ?? true, $ref.slice(1)])
      }
      combination.plain = this.#merger.merge(combination.plain, plain, lost)
    }
    return true
  }

  #writeFlat(schema: JsonObject, pointer: string, ends: readonly [NodeId, NodeId]): void {
    const [start, end] = ends
    if (schema.const === NEVER) return
    if (schema.enum !== undefined || 'const' in schema) {
      writeValues(this.#builder, this.#style, ends, allowedValues(schema, pointer, this.warnings))
      return
    }
    const types = new Set(typesOf(schema.type))
    if (schema.nullable === true) types.add('null')
    if (types.size >= 6 && Object.keys(schema).length === 0) {
      this.#builder.call(start, anyRule(this.#builder, this.#style), end)
      return
    }
    for (const type of types) this.#writeType(type, schema, pointer, ends)
  }

  #writeType(
    type: TypeName,
    schema: JsonObject,
    pointer: string,
    [start, end]: readonly [NodeId, NodeId],
  ): void {
    const builder = this.#builder
    if (type === 'null') builder.empty(builder.text(start, 'null'), end)
    else if (type === 'boolean') {
      for (const node of builder.texts(start, ['true', 'false'])) builder.empty(node, end)
    } else builder.call(start, this.#typeRule(type, schema, pointer), end)
  }

  #typeRule(type: Exclude<TypeName, 'null' | 'boolean'>, schema: JsonObject, pointer: string): RuleId {
    if (type === 'string') return stringSchema(this.#builder, schema, pointer, this.warnings)
    if (type === 'number' || type === 'integer') {
      return numberSchema(this.#builder, type, schema, pointer, this.warnings)
    }
    return type === 'object' ? this.#object(schema, pointer) : this.#array(schema, pointer)
  }

  #object(schema: JsonObject, pointer: string): RuleId {
    const { properties, required, patternProperties, additionalProperties } = schema
    if ([properties, required, patternProperties].every((each) => each === undefined)) {
      if ((additionalProperties ?? true) === true) return anyObjectRule(this.#builder, this.#style)
    }
    const { named, other } = propertiesOf(this.#builder, this.#merger, schema, pointer, this.warnings)
    const rule = this.#builder.rule()
    writeObject(this.#builder, this.#style, rule, {
      properties: named.map((each) => ({ ...each, value: this.#ruleOf(each.schema, each.pointer) })),
      additional: other.map(({ key, ...each }) => ({ key, value: this.#ruleOf(each.schema, each.pointer) })),
    })
    return rule
  }

  #array(schema: JsonObject, pointer: string): RuleId {
    const {
      prefixItems = [],
      items = true,
      minItems = 0,
      maxItems = Number.POSITIVE_INFINITY,
    } = schema as {
      prefixItems?: unknown[]
      items?: unknown
      minItems?: number
      maxItems?: number
    }
    const rule = this.#builder.rule()
    if (minItems > maxItems) return rule
    writeArray(this.#builder, this.#style, rule, {
      prefix: prefixItems.map((item, i) => this.#ruleOf(item, `${pointer}/prefixItems/${i}`)),
      items: this.#ruleOf(items, `${pointer}/items`),
      min: minItems,
      max: maxItems,
    })
    return rule
  }
}

/** The reference of a schema that has one. */
function alone(schema: JsonObject): JsonObject {
  return typeof schema.$ref === 'string' ? { $ref: schema.$ref } : schema
}

/** A schema, and where it stands. */
type Part = readonly [schema: unknown, pointer: string]

/** What must hold: plain keywords, parts to be put to them, and lists of parts of which one must hold. */
interface Combination {
  plain: JsonObject
  readonly parts: readonly Part[]
  choices: readonly (readonly Part[])[]
  references: number
}

/** Keywords that combine schemas, beside the others. */
interface Combined {
  readonly $ref?: string
  readonly allOf?: readonly unknown[]
  readonly anyOf?: readonly unknown[]
  readonly oneOf?: readonly unknown[]
  readonly $defs?: unknown
  readonly definitions?: unknown
  readonly [keyword: string]: unknown
}
