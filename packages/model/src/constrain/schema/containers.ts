/** Objects and arrays. */
import type { GrammarBuilder } from '../builder.ts'
import type { NodeId, RuleId } from '../grammar.ts'
import type { Style } from './style.ts'

export interface ObjectParts {
  /** In the order in which they are written. */
  readonly properties: readonly {
    readonly name: string
    readonly required: boolean
    readonly value: RuleId
  }[]
  /** Behind those: further ones, each of one of these kinds. */
  readonly additional: readonly { readonly key: RuleId; readonly value: RuleId }[]
}

export function writeObject(builder: GrammarBuilder, style: Style, rule: RuleId, parts: ObjectParts): void {
  const { start, end } = builder.get(rule)
  const { properties, additional } = parts
  const open = builder.text(start, '{')
  const close = builder.node()
  builder.bytes(close, 0x7d, 0x7d, end)
  const before = builder.node()
  builder.empty(style.inside(before), close)
  /** Where the key of property i, or of a later one, may begin. */
  const keys: NodeId[] = [style.inside(open)]
  for (let i = 1; i <= properties.length; i++) keys.push(builder.node())
  /** Where an object stands after property i - 1: done, or a comma and a later key. */
  const after = properties.map(() => builder.node())
  const lastRequired = properties.findLastIndex((property) => property.required)
  if (lastRequired < 0) builder.empty(open, close)
  const comma = (from: NodeId, to: NodeId): void => builder.empty(style.behind(builder.text(from, ',')), to)
  for (const [i, { name, required, value }] of properties.entries()) {
    const [key, next] = [keys[i] as NodeId, keys[i + 1] as NodeId]
    if (!required) builder.empty(key, next)
    const behind = after[i] as NodeId
    builder.call(style.behind(builder.text(key, `${JSON.stringify(name)}:`)), value, behind)
    if (i >= lastRequired) builder.empty(behind, before)
    comma(behind, next)
  }
  if (additional.length === 0) return
  const [again, behind] = [builder.node(), builder.node()]
  for (const each of additional) {
    const colon = builder.node()
    for (const key of [keys.at(-1) as NodeId, again]) builder.call(key, each.key, colon)
    builder.call(style.behind(builder.text(colon, ':')), each.value, behind)
  }
  builder.empty(behind, before)
  comma(behind, again)
}

export interface ArrayParts {
  readonly prefix: readonly RuleId[]
  readonly items: RuleId
  readonly min: number
  readonly max: number
}

export function writeArray(builder: GrammarBuilder, style: Style, rule: RuleId, parts: ArrayParts): void {
  const { prefix, items, min, max } = parts
  const open = builder.get(rule)
  const first = builder.text(open.start, '[')
  const close = builder.node()
  builder.bytes(close, 0x5d, 0x5d, open.end)
  const before = builder.node()
  builder.empty(style.inside(before), close)
  if (min === 0) builder.empty(first, close)
  // Written out: the prefix, the first item, which has no comma, and one that must be, if any must.
  const known = Math.max(prefix.length, 1)
  const written = Math.min(min > known ? known + 1 : known, max)
  let at = first
  for (let i = 0; i < written; i++) {
    const from = i === 0 ? style.inside(at) : style.behind(builder.text(at, ','))
    at = builder.node()
    builder.call(from, prefix[i] ?? items, at)
    if (i + 1 >= min) builder.empty(at, before)
  }
  if (max <= written || written === 0) return
  open.min = Math.max(0, min - written)
  open.max = max - written
  const [loop, begin, behind] = [builder.node(), builder.node(), builder.node()]
  builder.empty(at, loop)
  builder.counter('guard', loop, begin)
  builder.call(style.behind(builder.text(begin, ',')), items, behind)
  builder.counter('inc', behind, loop)
  builder.counter('done', loop, before)
}
