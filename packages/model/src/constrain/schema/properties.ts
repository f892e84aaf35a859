/** Which properties an object may have: named ones, those whose names match a pattern, and additional ones. */
import type { GrammarBuilder } from '../builder.ts'
import { GrammarLimitError, RegexError } from '../errors.ts'
import type { RuleId } from '../grammar.ts'
import { otherStringRule, patternRule } from '../json-string.ts'
import { type PointAutomaton, regexAutomaton } from '../regex/automaton.ts'
import { classify } from '../regex/classify.ts'
import { regexMatches } from '../regex/matches.ts'
import type { JsonObject } from './keywords.ts'
import type { Merger } from './merge.ts'
import { escapePointer, type Warnings } from './warning.ts'

/** A schema and where it stands. */
interface Value {
  readonly schema: unknown
  readonly pointer: string
}

export interface Properties {
  /** In the order in which they are written. */
  readonly named: readonly (Value & { readonly name: string; readonly required: boolean })[]
  /** All other names, each in one of these; none: no other name is allowed. */
  readonly other: readonly (Value & { readonly key: RuleId })[]
}

export function propertiesOf(
  builder: GrammarBuilder,
  merger: Merger,
  schema: JsonObject,
  pointer: string,
  warnings: Warnings,
): Properties {
  const { properties = {}, required = [] } = schema as { properties?: JsonObject; required?: string[] }
  const names = [...new Set([...Object.keys(properties), ...required])]
  const must = new Set(required)
  const classes = classesOf(schema, names, pointer, warnings)
  const additional = { schema: classes.additional, pointer: `${pointer}/additionalProperties` }
  /** What all patterns say that match, together with what is said already. */
  const withPatterns = (value: Value | undefined, matched: readonly number[]): Value => {
    let all = value
    for (const i of matched) {
      const [source, schema] = classes.patterns[i] as readonly [string, unknown]
      if (all !== undefined) all = { schema: merger.both(all.schema, schema), pointer: all.pointer }
      else all = { schema, pointer: `${pointer}/patternProperties/${escapePointer(source)}` }
    }
    return all ?? additional
  }
  const named = names.map((name) => {
    const own = Object.hasOwn(properties, name)
      ? { schema: properties[name], pointer: `${pointer}/properties/${escapePointer(name)}` }
      : undefined
    const matched = classes.patterns.flatMap(([source], i) => (regexMatches(source, name) ? [i] : []))
    return { name, required: must.has(name), ...withPatterns(own, matched) }
  })
  const keys =
    classes.others === undefined
      ? [{ key: (): RuleId => otherStringRule(builder, names), ...additional }]
      : classes.others.map(({ matched, automaton }) => ({
          key: (): RuleId => automatonRule(builder, automaton),
          ...withPatterns(undefined, matched),
        }))
  const other = keys
    .filter(({ schema: value }) => value !== false)
    .map((each) => ({ ...each, key: each.key() }))
  return { named, other }
}

function automatonRule(builder: GrammarBuilder, automaton: PointAutomaton): RuleId {
  const rule = builder.rule()
  patternRule(builder, rule, automaton, {})
  return rule
}

interface Classes {
  readonly patterns: readonly (readonly [source: string, schema: unknown])[]
  readonly additional: unknown
  /** The names that are not `names`, by the patterns that they match; undefined without patterns. */
  readonly others: ReturnType<typeof classify> | undefined
}

function classesOf(
  schema: JsonObject,
  names: readonly string[],
  pointer: string,
  warnings: Warnings,
): Classes {
  const { patternProperties = {}, additionalProperties: additional = true } = schema as {
    patternProperties?: JsonObject
    additionalProperties?: unknown
  }
  const patterns = Object.entries(patternProperties)
  if (patterns.length === 0) return { patterns, additional, others: undefined }
  try {
    const automata = patterns.map(([source]) => regexAutomaton(source, 'search'))
    const classes = classify([...automata, literals(names)])
    const others = classes.filter(({ matched }) => !matched.includes(patterns.length))
    return { patterns, additional, others }
  } catch (error) {
    if (!(error instanceof RegexError || error instanceof GrammarLimitError)) throw error
    // What a pattern allows must not be refused as additional.
    warnings.add(pointer, 'patternProperties', `was ignored: ${error.message}`)
    return { patterns: [], additional: true, others: undefined }
  }
}

/** Exactly these texts. */
function literals(texts: readonly string[]): PointAutomaton {
  const edges: PointAutomaton['edges'][number][] = []
  let nodes = 2
  for (const text of texts) {
    let at = 0
    for (const character of text) {
      const point = character.codePointAt(0) as number
      edges.push([at, [[point, point]], nodes])
      at = nodes++
    }
    edges.push([at, undefined, 1])
  }
  return { nodes, start: 0, end: 1, edges }
}
