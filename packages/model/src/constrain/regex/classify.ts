/** Texts by which of several expressions match them: a deterministic automaton that runs all of them at once. */
import { GrammarLimitError } from '../errors.ts'
import type { Range } from '../grammar.ts'
import { ALL, intersect } from '../utf8.ts'
import type { PointAutomaton } from './automaton.ts'

/** States of all expressions together; a few per expression are usual. */
const MOST_STATES = 1000

/**
 * For each set of automata that match some text together, and for the empty one if some text matches none: the texts that match
 * exactly these, as an automaton. Sets are ascending indices.
 *
 * @throws GrammarLimitError
 */
export function classify(
  automata: readonly PointAutomaton[],
): { readonly matched: readonly number[]; readonly automaton: PointAutomaton }[] {
  const all = unite(automata)
  const states: Set<number>[] = [all.close(all.starts)]
  const known = new Map([[keyOf(states[0] as Set<number>), 0]])
  const edges: [from: number, ranges: readonly Range[], to: number][] = []
  for (let state = 0; state < states.length; state++) {
    for (const [nodes, ranges] of all.moves(states[state] as Set<number>)) {
      const key = keyOf(nodes)
      let to = known.get(key)
      if (to === undefined) {
        if (states.length >= MOST_STATES) {
          throw new GrammarLimitError({ what: 'states of patterns of properties', limit: MOST_STATES })
        }
        to = states.push(nodes) - 1
        known.set(key, to)
      }
      edges.push([state, ranges, to])
    }
  }
  const matched = states.map((nodes) => all.ends.flatMap((end, i) => (nodes.has(end) ? [i] : [])))
  const end = states.length
  return [...Map.groupBy(matched.keys(), (state) => String(matched[state])).values()].map((ending) => ({
    matched: matched[ending[0] as number] as number[],
    automaton: {
      nodes: end + 1,
      start: 0,
      end,
      edges: [...edges, ...ending.map((state) => [state, undefined, end] as const)],
    },
  }))
}

function keyOf(nodes: ReadonlySet<number>): string {
  return [...nodes].sort((a, b) => a - b).join()
}

/** All automata beside each other. */
function unite(automata: readonly PointAutomaton[]): {
  starts: ReadonlySet<number>
  ends: readonly number[]
  close(nodes: ReadonlySet<number>): Set<number>
  moves(nodes: ReadonlySet<number>): [Set<number>, Range[]][]
} {
  const firsts: number[] = []
  const free = new Map<number, number[]>()
  const byCharacter = new Map<number, { ranges: readonly Range[]; to: number }[]>()
  let count = 0
  for (const { nodes, edges } of automata) {
    const first = count
    firsts.push(first)
    count += nodes
    for (const [from, ranges, to] of edges) {
      if (ranges === undefined) push(free, first + from, first + to)
      else push(byCharacter, first + from, { ranges: intersect(ranges, ALL), to: first + to })
    }
  }
  const close = (nodes: ReadonlySet<number>): Set<number> => {
    const result = new Set(nodes)
    for (const node of result) for (const to of free.get(node) ?? []) result.add(to)
    return result
  }
  return {
    starts: new Set(automata.map(({ start }, i) => (firsts[i] as number) + start)),
    ends: automata.map(({ end }, i) => (firsts[i] as number) + end),
    close,
    moves(nodes) {
      const leaving = [...nodes].flatMap((node) => byCharacter.get(node) ?? [])
      // Between two of these all characters lead to the same nodes.
      const cuts = new Set(ALL.flatMap(([low, high]) => [low, high + 1]))
      for (const { ranges } of leaving) for (const [low, high] of ranges) cuts.add(low).add(high + 1)
      const sorted = [...cuts].sort((a, b) => a - b)
      const groups = new Map<string, [Set<number>, Range[]]>()
      for (const [i, low] of sorted.slice(0, -1).entries()) {
        if (low >= 0xd800 && low < 0xe000) continue
        const targets = new Set<number>()
        for (const { ranges, to } of leaving) if (holds(ranges, low)) targets.add(to)
        const closed = close(targets)
        const key = keyOf(closed)
        const group = groups.get(key) ?? [closed, []]
        groups.set(key, group)
        group[1].push([low, (sorted[i + 1] as number) - 1])
      }
      return [...groups.values()]
    },
  }
}

function holds(ranges: readonly Range[], point: number): boolean {
  return ranges.some(([low, high]) => low <= point && point <= high)
}

function push<T>(map: Map<number, T[]>, key: number, value: T): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
