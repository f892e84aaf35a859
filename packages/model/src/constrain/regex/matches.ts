/** Whether an expression matches a text, in time linear in the text: JavaScript's own engine may take for ever. */
import { GrammarLimitError, RegexError } from '../errors.ts'
import { type PointAutomaton, regexAutomaton } from './automaton.ts'

/** Searches as JSON Schema does; undefined if the expression is not in the subset. */
export function regexMatches(source: string, text: string): boolean | undefined {
  let automaton: PointAutomaton
  try {
    automaton = regexAutomaton(source, 'search')
  } catch (error) {
    if (error instanceof RegexError || error instanceof GrammarLimitError) return undefined
    throw error
  }
  const from = Map.groupBy(automaton.edges, (edge) => edge[0])
  const close = (nodes: Set<number>): Set<number> => {
    for (const node of nodes) {
      for (const [, ranges, to] of from.get(node) ?? []) if (ranges === undefined) nodes.add(to)
    }
    return nodes
  }
  let nodes = close(new Set([automaton.start]))
  for (const character of text) {
    const point = character.codePointAt(0) as number
    const next = new Set<number>()
    for (const node of nodes) {
      for (const [, ranges, to] of from.get(node) ?? []) {
        if (ranges?.some(([low, high]) => low <= point && point <= high)) next.add(to)
      }
    }
    nodes = close(next)
  }
  return nodes.has(automaton.end)
}
