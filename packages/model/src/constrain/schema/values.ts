/** Values that a schema lists, and any value at all. */
import type { GrammarBuilder } from '../builder.ts'
import type { NodeId, RuleId } from '../grammar.ts'
import { numberRule } from '../json-number.ts'
import { stringRule } from '../json-string.ts'
import { writeArray, writeObject } from './containers.ts'
import type { Style } from './style.ts'

const PRIMITIVES = ['true', 'false', 'null']

/** Any JSON value. */
export function anyRule(builder: GrammarBuilder, style: Style): RuleId {
  // Made before, so that the nodes of the rules below stand together.
  const [string, number] = [stringRule(builder), numberRule(builder)]
  return builder.named('any', (rule) => {
    const { start, end } = builder.get(rule)
    for (const node of builder.texts(start, PRIMITIVES)) builder.empty(node, end)
    builder.call(start, string, end)
    builder.call(start, number, end)
    builder.call(start, anyObjectRule(builder, style), end)
    const array = builder.rule()
    builder.call(start, array, end)
    writeArray(builder, style, array, { prefix: [], items: rule, min: 0, max: Number.POSITIVE_INFINITY })
  })
}

/** Any JSON object. */
export function anyObjectRule(builder: GrammarBuilder, style: Style): RuleId {
  return builder.named('any object', (rule) => {
    writeObject(builder, style, rule, {
      properties: [],
      additional: [{ key: stringRule(builder), value: anyRule(builder, style) }],
    })
  })
}

/** One of some values. Strings, numbers and so on share their beginnings. */
export function writeValues(
  builder: GrammarBuilder,
  style: Style,
  [from, to]: readonly [NodeId, NodeId],
  values: readonly unknown[],
): void {
  const isFlat = (value: unknown): boolean => typeof value !== 'object' || value === null
  const texts = [...new Set(values.filter(isFlat).map((value) => JSON.stringify(value)))]
  for (const node of builder.texts(from, texts)) builder.empty(node, to)
  for (const value of values) if (!isFlat(value)) builder.empty(writeValue(builder, style, from, value), to)
}

function writeValue(builder: GrammarBuilder, style: Style, from: NodeId, value: unknown): NodeId {
  if (typeof value !== 'object' || value === null) return builder.text(from, JSON.stringify(value))
  const isArray = Array.isArray(value)
  const entries = Object.entries(value)
  let at = builder.text(from, isArray ? '[' : '{')
  if (entries.length > 0) at = style.inside(at)
  for (const [i, [key, part]] of entries.entries()) {
    if (i > 0) at = style.behind(builder.text(at, ','))
    if (!isArray) at = style.behind(builder.text(at, `${JSON.stringify(key)}:`))
    at = writeValue(builder, style, at, part)
  }
  if (entries.length > 0) at = style.inside(at)
  return builder.text(at, isArray ? ']' : '}')
}
