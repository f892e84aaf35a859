/** JSON strings as rules. */
import type { GrammarBuilder } from './builder.ts'
import type { NodeId, Range, RuleId } from './grammar.ts'
import { type PointAutomaton, writeAutomaton } from './regex/automaton.ts'
import { ALL, codePoints, complement, intersect } from './utf8.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
/** What a string holds as it is. */
const RAW: readonly Range[] = intersect(
  complement([
    [0, 0x1f],
    [QUOTE, QUOTE],
    [BACKSLASH, BACKSLASH],
  ]),
  ALL,
)
/** What `JSON.stringify` escapes, and how. */
const ESCAPES: readonly (readonly [point: number, text: string])[] = [
  ...Array(0x20).keys(),
  QUOTE,
  BACKSLASH,
].map((point) => [point, JSON.stringify(String.fromCharCode(point)).slice(1, -1)])

/** Any string of `min` to `max` code points, in any spelling without lone surrogates. */
export function stringRule(builder: GrammarBuilder, min = 0, max: number = Number.POSITIVE_INFINITY): RuleId {
  const measure = builder.named(
    'string measure',
    (rule) => {
      // Counts are kept apart, however high.
      builder.get(rule).max = Number.MAX_SAFE_INTEGER
      writeBody(builder, rule)
    },
    { shape: 'string' },
  )
  return builder.named(
    `string ${min} ${max}`,
    (rule) => {
      const open = builder.get(rule)
      open.min = min
      open.max = max
      open.counted = { measure, boundary: writeBody(builder, rule) }
    },
    { shape: 'string' },
  )
}

/** Returns the node before the closing quote. */
function writeBody(builder: GrammarBuilder, rule: RuleId): NodeId {
  const { start, end } = builder.get(rule)
  const [between, begin, after, close] = [builder.node(), builder.node(), builder.node(), builder.node()]
  builder.bytes(start, QUOTE, QUOTE, between)
  builder.counter('guard', between, begin)
  codePoints(builder, begin, RAW, after)
  writeEscapes(builder, begin, after)
  builder.counter('inc', after, between)
  builder.counter('done', between, close)
  builder.bytes(close, QUOTE, QUOTE, end)
  return close
}

const HEX: readonly Range[] = [
  [0x30, 0x39],
  [0x41, 0x46],
  [0x61, 0x66],
]
const LOW_HALF: readonly Range[] = [
  [0x43, 0x46],
  [0x63, 0x66],
]
const HIGH_HALF: readonly Range[] = [
  [0x38, 0x39],
  [0x41, 0x42],
  [0x61, 0x62],
]

function writeEscapes(builder: GrammarBuilder, from: NodeId, to: NodeId): void {
  const escaped = builder.node()
  builder.bytes(from, BACKSLASH, BACKSLASH, escaped)
  for (const letter of '"\\/bfnrt') builder.bytes(escaped, letter.charCodeAt(0), letter.charCodeAt(0), to)
  const u = builder.text(escaped, 'u')
  const digits = (node: NodeId, sets: readonly (readonly Range[])[], end?: NodeId): NodeId => {
    let at = node
    for (const [i, set] of sets.entries()) {
      const next = i === sets.length - 1 && end !== undefined ? end : builder.node()
      for (const [low, high] of set) builder.bytes(at, low, high, next)
      at = next
    }
    return at
  }
  const notD: readonly Range[] = [
    [0x30, 0x39],
    [0x41, 0x43],
    [0x45, 0x46],
    [0x61, 0x63],
    [0x65, 0x66],
  ]
  const letterD: readonly Range[] = [
    [0x44, 0x44],
    [0x64, 0x64],
  ]
  digits(u, [notD, HEX, HEX, HEX], to)
  const d = digits(u, [letterD])
  digits(d, [[[0x30, 0x37]], HEX, HEX], to)
  const high = digits(d, [HIGH_HALF, HEX, HEX])
  digits(builder.text(high, '\\u'), [letterD, LOW_HALF, HEX, HEX], to)
}

/** Characters as `JSON.stringify` spells them. */
function writeCanonical(builder: GrammarBuilder, from: NodeId, set: readonly Range[], to: NodeId): void {
  codePoints(builder, from, intersect(set, RAW), to)
  const escapes = ESCAPES.filter(([point]) => set.some(([low, high]) => low <= point && point <= high))
  const texts = escapes.map(([, text]) => text)
  for (const node of builder.texts(from, texts)) builder.empty(node, to)
}

/** Strings that an automaton takes, with `min` to `max` code points, as `JSON.stringify` spells them. */
export function patternRule(
  builder: GrammarBuilder,
  rule: RuleId,
  automaton: PointAutomaton,
  bounds: { min?: number; max?: number },
): void {
  const { start, end } = builder.get(rule)
  const close = builder.node()
  writeAutomaton(builder, [builder.text(start, '"'), close], automaton, writeCanonical, bounds)
  builder.bytes(close, QUOTE, QUOTE, end)
}

/** Any string but these, as `JSON.stringify` spells it: other spellings could hide one of them. */
export function otherStringRule(builder: GrammarBuilder, names: readonly string[]): RuleId {
  return builder.named(`other than ${JSON.stringify([...names].sort())}`, (rule) => {
    const { start, end } = builder.get(rule)
    const free = builder.node()
    writeCanonical(builder, free, ALL, free)
    builder.bytes(free, QUOTE, QUOTE, end)
    const trie = new Map<string, NodeId>([['', builder.text(start, '"')]])
    const taken = new Set(names)
    const children = new Map<string, number[]>()
    for (const name of taken) {
      let prefix = ''
      for (const character of name) {
        const list = children.get(prefix) ?? []
        children.set(prefix, list)
        const next = prefix + character
        if (!trie.has(next)) {
          trie.set(next, builder.node())
          list.push(character.codePointAt(0) as number)
        }
        prefix = next
      }
    }
    // Written once: any character, and then any string.
    const any = builder.node()
    writeCanonical(builder, any, ALL, free)
    for (const [prefix, node] of trie) {
      const points = children.get(prefix) ?? []
      if (points.every((point) => point < 0x80 && point >= 0x20 && point !== QUOTE && point !== BACKSLASH)) {
        for (const edge of builder.edges[any] ?? [])
          if (edge.kind === 'bytes') copyWithout(builder, node, edge, points)
      } else writeCanonical(builder, node, complement(points.map((point): Range => [point, point])), free)
      for (const point of points) {
        writeCanonical(
          builder,
          node,
          [[point, point]],
          trie.get(prefix + String.fromCodePoint(point)) as NodeId,
        )
      }
      if (!taken.has(prefix)) builder.bytes(node, QUOTE, QUOTE, end)
    }
  })
}

/** The edge for all its bytes but some. */
function copyWithout(
  builder: GrammarBuilder,
  node: NodeId,
  { low, high, to }: { readonly low: number; readonly high: number; readonly to: NodeId },
  bytes: readonly number[],
): void {
  let from = low
  for (const byte of bytes.filter((each) => each >= low && each <= high).sort((a, b) => a - b)) {
    if (byte > from) builder.bytes(node, from, byte - 1, to)
    from = byte + 1
  }
  if (from <= high) builder.bytes(node, from, high, to)
}
