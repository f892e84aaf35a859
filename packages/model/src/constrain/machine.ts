/**
 * The pushdown automaton of a grammar, made deterministic while it is met. A configuration is a set of (frame, stack);
 * a stack is a set of (frame to go on with, stack below it), so that ways which call the same rule at the same place share
 * what they do inside it. Configurations are numbered, and a byte is one look-up once it has been tried.
 */
import { GrammarLimitError } from './errors.ts'
import { Frames } from './frames.ts'
import type { Grammar } from './grammar.ts'

/** Pairs of frame and stack. */
export type Pairs = readonly number[]

export interface Configuration {
  /** frame, stack, frame, stack ...; sorted. */
  readonly pairs: Pairs
  /** Whether the text may end here: the outermost rule has ended on one of the ways. */
  readonly complete: boolean
}

/** The stack that is empty, or of which nothing is known. */
export const BOTTOM = 0
/** Nested calls. JSON that nests deeper is refused by many readers. */
const MOST_DEPTH = 10_000
/** Ways at once. */
const MOST_PAIRS = 20_000

export class Machine {
  readonly frames: Frames
  readonly configurations: Configuration[] = []
  /** By configuration, then byte: 0 not known yet, -1 none, else the number of the next one plus 1. */
  readonly rows: Int32Array[] = []
  readonly #ids = new Map<string, number>()
  readonly #stacks: Pairs[] = [[]]
  readonly #depths: number[] = [0]
  readonly #stackIds = new Map<string, number>()
  readonly #below: (number | undefined)[] = []
  readonly root: number

  constructor(grammar: Grammar) {
    this.frames = new Frames(grammar)
    this.root = this.configuration([this.frames.start(grammar.root), BOTTOM])
  }

  /** The next configuration, or -1. */
  step(id: number, byte: number): number {
    const row = this.rows[id] as Int32Array
    const known = row[byte] as number
    if (known !== 0) return known < 0 ? -1 : known - 1
    const { pairs } = this.configurations[id] as Configuration
    const next: number[] = []
    for (let i = 0; i < pairs.length; i += 2) {
      const frame = this.frames.step(pairs[i] as number, byte)
      if (frame >= 0) next.push(frame, pairs[i + 1] as number)
    }
    const to = next.length === 0 ? -1 : this.configuration(next)
    row[byte] = to < 0 ? -1 : to + 1
    return to
  }

  /** The configuration after a token that the grammar names, or -1. */
  stepToken(id: number, token: number): number {
    const { pairs } = this.configurations[id] as Configuration
    const next: number[] = []
    for (let i = 0; i < pairs.length; i += 2) {
      for (const [named, to] of this.frames.get(pairs[i] as number).tokens) {
        if (named === token) next.push(to, pairs[i + 1] as number)
      }
    }
    return next.length === 0 ? -1 : this.configuration(next)
  }

  /** Where things go on when the rule on top of a stack has ended. */
  below(stack: number): number {
    let id = this.#below[stack]
    if (id === undefined) {
      id = this.configuration(this.#stacks[stack] as Pairs)
      this.#below[stack] = id
    }
    return id
  }

  /** What lies on a stack. */
  stack(id: number): Pairs {
    return this.#stacks[id] as Pairs
  }

  /** The number of the stack with these pairs. */
  internStack(pairs: readonly number[]): number {
    const key = pairs.join()
    const known = this.#stackIds.get(key)
    if (known !== undefined) return known
    let depth = 0
    for (let i = 1; i < pairs.length; i += 2)
      depth = Math.max(depth, this.#depths[pairs[i] as number] as number)
    if (depth >= MOST_DEPTH) throw new GrammarLimitError({ what: 'nested levels', limit: MOST_DEPTH })
    this.#depths.push(depth + 1)
    this.#stackIds.set(key, this.#stacks.length)
    return this.#stacks.push(pairs) - 1
  }

  /** The configuration of some pairs, with all that ends and is called without a byte. */
  configuration(pairs: Pairs): number {
    const ended = this.#end(pairs)
    return this.restore(sortPairs(this.#call(ended.pairs)), ended.complete)
  }

  /** The number of a configuration that is whole already: nothing ends or is called. */
  restore(pairs: Pairs, complete: boolean): number {
    const key = `${complete ? '!' : ''}${pairs.join()}`
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    this.#ids.set(key, this.configurations.length)
    this.rows.push(new Int32Array(256))
    return this.configurations.push({ pairs, complete }) - 1
  }

  /** The pairs, and those below the ones whose rule may end, and so on. */
  #end(pairs: Pairs): { pairs: number[]; complete: boolean } {
    const all: number[] = []
    const seen = new Set<number>()
    let complete = false
    const add = (list: Pairs): void => {
      for (let i = 0; i < list.length; i += 2) {
        // Both are far below 2^26: an exact key.
        const key = (list[i] as number) * 2 ** 26 + (list[i + 1] as number)
        if (seen.has(key)) continue
        seen.add(key)
        all.push(list[i] as number, list[i + 1] as number)
      }
    }
    add(pairs)
    for (let i = 0; i < all.length; i += 2) {
      if (all.length > 2 * MOST_PAIRS)
        throw new GrammarLimitError({ what: 'ways at once', limit: MOST_PAIRS })
      if (!this.frames.get(all[i] as number).accepting) continue
      const stack = all[i + 1] as number
      if (stack === BOTTOM) complete = true
      else add(this.#stacks[stack] as Pairs)
    }
    this.frames.spend(all.length)
    return { pairs: all, complete }
  }

  /** The pairs that bytes or tokens may follow, among these and the rules that they call. */
  #call(pairs: readonly number[]): number[] {
    const live: number[] = []
    const returns = new Map<number, number[]>()
    const visit = (frameId: number, stack: number): void => {
      const frame = this.frames.get(frameId)
      if (frame.live) live.push(frameId, stack)
      for (const [rule, back] of frame.calls) {
        const list = returns.get(rule)
        if (list === undefined) returns.set(rule, [back, stack])
        else list.push(back, stack)
      }
    }
    for (let i = 0; i < pairs.length; i += 2) visit(pairs[i] as number, pairs[i + 1] as number)
    const { rules } = this.frames.grammar
    const orderOf = (rule: number): number => rules[rule]?.order as number
    // Callers come first, so all returns of a rule are known when it is entered.
    while (returns.size > 0) {
      let first = -1
      for (const rule of returns.keys()) if (first < 0 || orderOf(rule) < orderOf(first)) first = rule
      const list = returns.get(first) as number[]
      returns.delete(first)
      this.frames.spend(list.length + returns.size)
      visit(this.frames.start(first), this.internStack(sortPairs(list)))
    }
    return live
  }
}

/** Pairs in order, each once. */
export function sortPairs(pairs: readonly number[]): number[] {
  if (pairs.length <= 2) return [...pairs]
  const keys = new Float64Array(pairs.length / 2)
  for (let i = 0; i < keys.length; i++) {
    keys[i] = (pairs[2 * i] as number) * 2 ** 26 + (pairs[2 * i + 1] as number)
  }
  keys.sort()
  const sorted: number[] = []
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number
    if (i > 0 && key === keys[i - 1]) continue
    sorted.push(Math.floor(key / 2 ** 26), key % 2 ** 26)
  }
  return sorted
}
