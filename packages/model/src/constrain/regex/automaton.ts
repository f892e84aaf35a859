/** Regular expressions as automata over code points, and those as nodes of a grammar. */
import type { GrammarBuilder } from '../builder.ts'
import { GrammarLimitError } from '../errors.ts'
import type { NodeId, Range } from '../grammar.ts'
import { type Alternative, ANYTHING, parseRegex, type RegexNode } from './parse.ts'

/** Nodes of one expression, its repetitions written out. */
const MOST_NODES = 20_000
/** Nodes of one expression together with a length. */
const MOST_PRODUCT = 200_000

type PointEdge = readonly [from: number, ranges: readonly Range[] | undefined, to: number]

export interface PointAutomaton {
  readonly nodes: number
  readonly start: number
  readonly end: number
  /** Without ranges: passed without a character. */
  readonly edges: readonly PointEdge[]
}

/** Adds edges for one character of a set. */
export type CharacterWriter = (
  builder: GrammarBuilder,
  from: NodeId,
  set: readonly Range[],
  to: NodeId,
) => void

/**
 * @param mode `whole`: the text must match from end to end, anchors or not; `search`: anywhere, as in JSON Schema
 * @throws RegexError, GrammarLimitError
 */
export function regexAutomaton(source: string, mode: 'whole' | 'search'): PointAutomaton {
  const parts = parseRegex(source).map((alternative) => withEnds(alternative, mode))
  const edges: PointEdge[] = []
  let nodes = 2
  const node = (): number => {
    if (nodes >= MOST_NODES)
      throw new GrammarLimitError({ what: 'nodes of an expression', limit: MOST_NODES })
    return nodes++
  }
  const write = (part: RegexNode, from: number): number => {
    if (part.kind === 'set') {
      const to = node()
      edges.push([from, part.ranges, to])
      return to
    }
    if (part.kind === 'sequence') return part.parts.reduce((at, each) => write(each, at), from)
    if (part.kind === 'choice') {
      const to = node()
      for (const each of part.parts) edges.push([write(each, from), undefined, to])
      return to
    }
    return repeat(part, from)
  }
  const repeat = (part: Extract<RegexNode, { kind: 'repeat' }>, from: number): number => {
    let at = node()
    edges.push([from, undefined, at])
    for (let i = 0; i < part.min; i++) at = write(part.part, forward(at))
    if (part.max === Number.POSITIVE_INFINITY) {
      const loop = node()
      edges.push([at, undefined, loop], [write(part.part, loop), undefined, loop])
      return forward(loop)
    }
    const to = node()
    edges.push([at, undefined, to])
    for (let i = part.min; i < part.max; i++) {
      at = write(part.part, forward(at))
      edges.push([at, undefined, to])
    }
    return to
  }
  /** A node of its own: what is written there must not be entered by a loop that comes back to the old one. */
  const forward = (from: number): number => {
    const to = node()
    edges.push([from, undefined, to])
    return to
  }
  for (const part of parts) edges.push([write(part, 0), undefined, 1])
  return { nodes, start: 0, end: 1, edges }
}

function withEnds({ node, fromStart, toEnd }: Alternative, mode: 'whole' | 'search'): RegexNode {
  if (mode === 'whole') return node
  const parts = [...(fromStart ? [] : [ANYTHING]), node, ...(toEnd ? [] : [ANYTHING])]
  return { kind: 'sequence', parts }
}

/**
 * Writes an automaton between two nodes. With bounds, only texts of `min` to `max` code points: every node then stands for
 * itself with each count.
 *
 * @throws GrammarLimitError
 */
export function writeAutomaton(
  builder: GrammarBuilder,
  [from, to]: readonly [NodeId, NodeId],
  automaton: PointAutomaton,
  write: CharacterWriter,
  { min = 0, max = Number.POSITIVE_INFINITY }: { min?: number; max?: number } = {},
): void {
  // Counts above `cap` are alike.
  const cap = max === Number.POSITIVE_INFINITY ? min : max
  const levels = cap + 1
  if (levels * automaton.nodes > MOST_PRODUCT) {
    throw new GrammarLimitError({ what: 'nodes of an expression with a length', limit: MOST_PRODUCT })
  }
  const places = Array.from({ length: levels * automaton.nodes }, () => builder.node())
  const place = (node: number, count: number): NodeId => places[count * automaton.nodes + node] as NodeId
  builder.empty(from, place(automaton.start, 0))
  for (let count = 0; count < levels; count++) {
    const more = count < cap ? count + 1 : max === Number.POSITIVE_INFINITY ? cap : undefined
    for (const [source, ranges, target] of automaton.edges) {
      if (ranges === undefined) builder.empty(place(source, count), place(target, count))
      else if (more !== undefined) write(builder, place(source, count), ranges, place(target, more))
    }
    if (count >= min) builder.empty(place(automaton.end, count), to)
  }
}
