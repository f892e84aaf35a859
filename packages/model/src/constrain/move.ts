/** The same place in fresh tables. */
import { type Configuration, type Machine, type Pairs, sortPairs } from './machine.ts'

/** The configuration of `to` that equals one of `from`; both machines are of one grammar. */
export function moveConfiguration(from: Machine, id: number, to: Machine): number {
  const stacks = new Map<number, number>([[0, 0]])
  const { pairs, complete } = from.configurations[id] as Configuration
  const move = (list: Pairs): number[] =>
    list.map((value, i) => {
      if (i % 2 === 1) return stacks.get(value) as number
      const frame = from.frames.get(value)
      return to.frames.intern(frame.rule, frame.states)
    })
  // Stacks before those that lie on them: numbers grow upwards.
  for (const stack of reachable(from, pairs)) {
    const moved = move(from.stack(stack))
    stacks.set(stack, to.internStack(sortPairs(moved)))
  }
  return to.restore(sortPairs(move(pairs)), complete)
}

function reachable(machine: Machine, pairs: Pairs): number[] {
  const found = new Set<number>()
  const stacksOf = (list: Pairs): number[] => list.filter((_, i) => i % 2 === 1)
  for (const stack of stacksOf(pairs)) found.add(stack)
  for (const stack of found) for (const below of stacksOf(machine.stack(stack))) found.add(below)
  found.delete(0)
  return [...found].sort((a, b) => a - b)
}
