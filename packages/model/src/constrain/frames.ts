/**
 * Frames: states of one rule, made deterministic while they are met. A frame is the set of nodes where the rule may be
 * after some bytes; with a counter, each node has its count.
 */
import { GrammarLimitError } from './errors.ts'
import type { Edge, Grammar, NodeId, RuleId } from './grammar.ts'

export interface Frame {
  readonly rule: RuleId
  /** Nodes with bytes, calls or tokens, or the end; as `count * nodes + node`, sorted. */
  readonly states: readonly number[]
  /** Whether the rule may end here. */
  readonly accepting: boolean
  /** Whether bytes or tokens may come. */
  readonly live: boolean
  /** Rules that may be called, and the frame to go on with behind each. */
  readonly calls: readonly (readonly [rule: RuleId, back: number])[]
  /** Tokens that may be taken, and the frame behind each. */
  readonly tokens: readonly (readonly [token: number, to: number])[]
  /** By byte: 0 not known yet, -1 none, else the number of the frame plus 1. */
  readonly next: Int32Array
  readonly byteEdges: readonly { readonly low: number; readonly high: number; readonly to: number }[]
}

/** Work that one step or mask may take, in edges looked at: some seconds. Only hostile grammars come near. */
const MOST_WORK = 200_000_000

export class Frames {
  readonly grammar: Grammar
  readonly list: Frame[] = []
  /** Edges looked at since the last `resetWork`. */
  #work = 0
  readonly #ids = new Map<string, number>()
  readonly #starts: number[] = []
  readonly #count: number

  constructor(grammar: Grammar) {
    this.grammar = grammar
    this.#count = grammar.edges.length
  }

  resetWork(): void {
    this.#work = 0
  }

  /** @throws GrammarLimitError */
  spend(work: number): void {
    this.#work += work
    if (this.#work > MOST_WORK) throw new GrammarLimitError({ what: 'steps for one token', limit: MOST_WORK })
  }

  get(id: number): Frame {
    return this.list[id] as Frame
  }

  /** The node of a state, and its count. */
  split(state: number): [node: NodeId, count: number] {
    const node = state % this.#count
    return [node, (state - node) / this.#count]
  }

  /** The frame in which a rule begins. */
  start(rule: RuleId): number {
    let id = this.#starts[rule]
    if (id === undefined) {
      id = this.intern(rule, [this.grammar.rules[rule]?.start as number])
      this.#starts[rule] = id
    }
    return id
  }

  /** The frame after a byte, or -1. */
  step(id: number, byte: number): number {
    const frame = this.get(id)
    const known = frame.next[byte] as number
    if (known !== 0) return known < 0 ? -1 : known - 1
    const targets: number[] = []
    for (const edge of frame.byteEdges) if (byte >= edge.low && byte <= edge.high) targets.push(edge.to)
    this.spend(frame.byteEdges.length)
    const to = targets.length === 0 ? -1 : this.intern(frame.rule, targets)
    frame.next[byte] = to < 0 ? -1 : to + 1
    return to
  }

  /** The frame of some states, with all that follows from them without bytes. */
  intern(rule: RuleId, states: readonly number[]): number {
    const solid = this.#closure(rule, states)
    const key = `${rule}:${solid.join()}`
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    const id = this.list.length
    this.#ids.set(key, id)
    // The place is taken before the frames behind calls are made: they may lead back here.
    this.list.push(undefined as unknown as Frame)
    this.list[id] = this.#make(rule, solid)
    return id
  }

  #edges(state: number): readonly Edge[] {
    return this.grammar.edges[state % this.#count] as readonly Edge[]
  }

  #closure(rule: RuleId, states: readonly number[]): number[] {
    const { min, max, end } = this.grammar.rules[rule] as Grammar['rules'][number]
    const nodes = this.#count
    const seen = new Set(states)
    const solid: number[] = []
    for (const state of seen) {
      const node = state % nodes
      const base = state - node
      const count = base / nodes
      const edges = this.#edges(state)
      this.spend(edges.length + 1)
      let isSolid = node === end
      for (const edge of edges) {
        if (edge.kind === 'empty') seen.add(base + edge.to)
        // Without an upper bound, counts above the lower one are alike.
        else if (edge.kind === 'inc')
          seen.add(
            (max === Number.POSITIVE_INFINITY ? Math.min(count + 1, min) : count + 1) * nodes + edge.to,
          )
        else if (edge.kind === 'guard') {
          if (count < max) seen.add(base + edge.to)
        } else if (edge.kind === 'done') {
          if (count >= min) seen.add(base + edge.to)
        } else isSolid = true
      }
      if (isSolid) solid.push(state)
    }
    return solid.sort((a, b) => a - b)
  }

  #make(rule: RuleId, states: readonly number[]): Frame {
    const end = this.grammar.rules[rule]?.end
    const byteEdges: { low: number; high: number; to: number }[] = []
    const calls = new Map<RuleId, number[]>()
    const tokens = new Map<number, number[]>()
    for (const state of states) {
      const base = state - (state % this.#count)
      for (const edge of this.#edges(state)) {
        const to = base + edge.to
        if (edge.kind === 'bytes') byteEdges.push({ low: edge.low, high: edge.high, to })
        else if (edge.kind === 'call') push(calls, edge.rule, to)
        else if (edge.kind === 'token') push(tokens, edge.token, to)
      }
    }
    return {
      rule,
      states,
      accepting: states.some((state) => state % this.#count === end),
      live: byteEdges.length > 0 || tokens.size > 0,
      calls: [...calls].map(([called, to]) => [called, this.intern(rule, to)] as const),
      tokens: [...tokens].map(([token, to]) => [token, this.intern(rule, to)] as const),
      next: new Int32Array(256),
      byteEdges,
    }
  }
}

function push(map: Map<number, number[]>, key: number, value: number): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
