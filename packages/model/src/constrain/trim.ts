/** Removes what leads nowhere, so that a token is never allowed after which no end can be reached. */
import { GrammarLimitError } from './errors.ts'
import type { Edge, Grammar, NodeId, OpenRule, RuleId } from './grammar.ts'

export interface Trimmed {
  readonly grammar: Grammar
  /** By rule: whether any text matches it. */
  readonly productive: readonly boolean[]
}

/**
 * A node is useful if the end of its rule can be reached from it by edges whose called rules match something. Counters are
 * taken as passable: rules are built so that a loop that must run can run.
 */
export function trim(edges: readonly (readonly Edge[])[], rules: readonly OpenRule[], root: RuleId): Trimmed {
  const useful = new Uint8Array(edges.length)
  const productive = rules.map(() => false)
  const incoming = sources(edges)
  const callers: [from: NodeId, to: NodeId][][] = rules.map(() => [])
  for (const [from, list] of edges.entries()) {
    for (const edge of list) {
      if (edge.kind === 'call') callers[edge.rule]?.push([from, edge.to])
    }
  }
  const waiting: NodeId[] = []
  const mark = (node: NodeId): void => {
    if (useful[node]) return
    useful[node] = 1
    waiting.push(node)
  }
  // Edges of calls, by target, that wait for the called rule to match something, and the other way round.
  const byTarget = new Map<NodeId, [from: NodeId, rule: RuleId][]>()
  for (const [rule, list] of callers.entries()) {
    for (const [from, to] of list) {
      const known = byTarget.get(to)
      if (known === undefined) byTarget.set(to, [[from, rule]])
      else known.push([from, rule])
    }
  }
  const starts = new Map(rules.map((rule, id) => [rule.start, id]))
  for (const rule of rules) mark(rule.end)
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const last = incoming.ends[node + 1] as number
    for (let i = incoming.ends[node] as number; i < last; i++) mark(incoming.nodes[i] as NodeId)
    for (const [from, rule] of byTarget.get(node) ?? []) if (productive[rule]) mark(from)
    const rule = starts.get(node)
    if (rule === undefined) continue
    productive[rule] = true
    for (const [from, to] of callers[rule] ?? []) if (useful[to]) mark(from)
  }
  const kept = edges.map((list) =>
    list.filter((edge) => useful[edge.to] && (edge.kind !== 'call' || productive[edge.rule])),
  )
  const order = callOrder(kept, rules)
  return {
    grammar: { edges: kept, root, rules: rules.map((rule, id) => ({ ...rule, order: order[id] as number })) },
    productive,
  }
}

/** The nodes from which edges other than calls lead to each node: those of node n are at ends[n] .. ends[n + 1]. */
function sources(edges: readonly (readonly Edge[])[]): { ends: Int32Array; nodes: Int32Array } {
  const ends = new Int32Array(edges.length + 2)
  for (const list of edges) {
    for (const { kind, to } of list) if (kind !== 'call') ends[to + 2] = (ends[to + 2] as number) + 1
  }
  for (let i = 2; i < ends.length; i++) ends[i] = (ends[i] as number) + (ends[i - 1] as number)
  const nodes = new Int32Array(ends.at(-1) as number)
  for (const [from, list] of edges.entries()) {
    for (const { kind, to } of list) {
      if (kind === 'call') continue
      const at = ends[to + 1] as number
      nodes[at] = from
      ends[to + 1] = at + 1
    }
  }
  return { ends, nodes }
}

/** Position of each rule when those that are called before any byte come after their callers. */
function callOrder(edges: readonly (readonly Edge[])[], rules: readonly OpenRule[]): number[] {
  const calls = rules.map((rule) => startCalls(edges, rule.start))
  const order = rules.map(() => -1)
  const state = new Uint8Array(rules.length)
  let next = rules.length
  for (let root = 0; root < rules.length; root++) {
    // Depth first without recursion: a chain of rules can be long.
    const path: { rule: RuleId; at: number }[] = state[root] ? [] : [{ rule: root, at: 0 }]
    state[root] = state[root] || 1
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const called = calls[top.rule]?.[top.at++]
      if (called === undefined) {
        state[top.rule] = 2
        order[top.rule] = --next
        path.pop()
      } else if (state[called] === 1) {
        throw new GrammarLimitError({ what: 'rules that begin with themselves', limit: 0 })
      } else if (state[called] === 0) {
        state[called] = 1
        path.push({ rule: called, at: 0 })
      }
    }
  }
  return order
}

/** The rules that can be called from a node before any byte or token. */
function startCalls(edges: readonly (readonly Edge[])[], start: NodeId): RuleId[] {
  const called = new Set<RuleId>()
  const seen = new Set([start])
  for (const node of seen) {
    for (const edge of edges[node] ?? []) {
      if (edge.kind === 'call') called.add(edge.rule)
      else if (edge.kind !== 'bytes' && edge.kind !== 'token') seen.add(edge.to)
    }
  }
  return [...called]
}
