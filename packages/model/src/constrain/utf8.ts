/** Sets of code points as edges over UTF-8 bytes. */
import type { GrammarBuilder } from './builder.ts'
import type { NodeId, Range } from './grammar.ts'

/** All code points but surrogates, which UTF-8 cannot write. */
export const ALL: readonly Range[] = [
  [0, 0xd7ff],
  [0xe000, 0x10ffff],
]

/** Adds edges from `from` to `to` for every code point in the ranges; surrogates in them are ignored. */
export function codePoints(
  builder: GrammarBuilder,
  from: NodeId,
  ranges: readonly Range[],
  to: NodeId,
): void {
  // Ends of sequences are shared by what must still follow, beginnings by their lead bytes.
  const suffixes = new Map<string, NodeId>()
  const before = (rest: readonly Range[]): NodeId => {
    if (rest.length === 0) return to
    const key = rest.join(';')
    const known = suffixes.get(key)
    if (known !== undefined) return known
    const node = builder.node()
    suffixes.set(key, node)
    const [first, ...others] = rest as [Range, ...Range[]]
    builder.bytes(node, first[0], first[1], before(others))
    return node
  }
  for (const range of intersect(ranges, ALL)) {
    for (const [first, ...rest] of byteSequences(range)) {
      builder.bytes(from, (first as Range)[0], (first as Range)[1], before(rest))
    }
  }
}

/** A range of code points as sequences of byte ranges: every combination of bytes is one code point of the range. */
function byteSequences([low, high]: Range): Range[][] {
  for (const edge of [0x7f, 0x7ff, 0xffff]) {
    if (low <= edge && high > edge) return [...byteSequences([low, edge]), ...byteSequences([edge + 1, high])]
  }
  if (high <= 0x7f) return [[[low, high]]]
  // Split until low and high differ only in a tail of bytes that runs over all its values.
  for (const bits of [6, 12, 18]) {
    const mask = 2 ** bits - 1
    if (Math.floor(low / (mask + 1)) === Math.floor(high / (mask + 1))) continue
    if ((low & mask) !== 0)
      return [...byteSequences([low, low | mask]), ...byteSequences([(low | mask) + 1, high])]
    if ((high & mask) !== mask) {
      return [...byteSequences([low, (high & ~mask) - 1]), ...byteSequences([high & ~mask, high])]
    }
  }
  const [from, to] = [utf8(low), utf8(high)]
  return [from.map((byte, i): Range => [byte, to[i] as number])]
}

function utf8(point: number): number[] {
  const tail = (shift: number): number => 0x80 | ((point >> shift) & 0x3f)
  if (point <= 0x7f) return [point]
  if (point <= 0x7ff) return [0xc0 | (point >> 6), tail(0)]
  if (point <= 0xffff) return [0xe0 | (point >> 12), tail(6), tail(0)]
  return [0xf0 | (point >> 18), tail(12), tail(6), tail(0)]
}

/** Sorted, without overlaps. */
export function union(ranges: readonly Range[]): Range[] {
  const result: [number, number][] = []
  for (const [low, high] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1)
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high)
    else result.push([low, high])
  }
  return result
}

/** Code points in both; the result is sorted. */
export function intersect(a: readonly Range[], b: readonly Range[]): Range[] {
  const [left, right] = [union(a), union(b)]
  const result: Range[] = []
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const [low, high] = left[i] as Range
    const [otherLow, otherHigh] = right[j] as Range
    const both: Range = [Math.max(low, otherLow), Math.min(high, otherHigh)]
    if (both[0] <= both[1]) result.push(both)
    if (high < otherHigh) i++
    else j++
  }
  return result
}

/** All code points that are not in the ranges. */
export function complement(ranges: readonly Range[]): Range[] {
  const result: Range[] = []
  let next = 0
  for (const [low, high] of union(ranges)) {
    if (low > next) result.push([next, low - 1])
    next = Math.max(next, high + 1)
  }
  if (next <= 0x10ffff) result.push([next, 0x10ffff])
  return intersect(result, ALL)
}
