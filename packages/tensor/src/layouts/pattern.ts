/**
 * Patterns of module names without backtracking: those of a configuration are an attacker's. All states that a pattern can
 * be in are followed at once, so that a match takes at most states * characters steps (Thompson 1968), squared in the
 * characters for a pattern that looks ahead. A `RegExp` may take exponentially many.
 */
import { anything, type Node, parsePattern, type Test } from './pattern-syntax.ts'

/** A condition on the place, which takes no character. */
type Place =
  | { readonly kind: 'look'; readonly program: Program; readonly negative: boolean; readonly next: number }
  | { readonly kind: 'start'; readonly next: number }
  | { readonly kind: 'end'; readonly next: number }

type State =
  | Place
  | { readonly kind: 'character'; readonly test: Test; readonly next: number }
  | { readonly kind: 'fork'; readonly next: readonly number[] }
  | { readonly kind: 'match' }

interface Program {
  readonly states: State[]
  first: number
}

export interface Pattern {
  /** States, counted for each character where it looks ahead. */
  readonly cost: number
  /** Whether it matches from the first character on, as Python's `re.match`. Names of more than 256 characters never do. */
  matches(text: string): boolean
}

const MAX_STATES = 2048
const MAX_NAME = 256

/** Bounds the work that all patterns of a configuration together can cause. */
export class PatternBudget {
  readonly limit = 1_000_000
  #spent = 0

  /** One that could not be read took time too. */
  admits(pattern: Pattern | undefined): boolean {
    this.#spent += pattern?.cost ?? MAX_STATES
    return this.#spent <= this.limit
  }
}

/** A regular expression, or `undefined` for one that is malformed, too large, or has syntax that is not known here. */
export function compilePattern(source: string): Pattern | undefined {
  const node = parsePattern(source)
  return node && compile(node)
}

/** A name with `*` for anything and `?` for one character, from the `start` up to a dot or the end; or up to the `end`. */
export function compileGlob(source: string, anchor: 'start' | 'end'): Pattern | undefined {
  const characters = [...source].map((character): Node => {
    if (character === '*') return { kind: 'repeat', part: anything, least: 0, most: Infinity }
    return character === '?' ? anything : { kind: 'character', test: (each) => each === character }
  })
  const dot: Node = { kind: 'character', test: (each) => each === '.' }
  const beginning: Node = {
    kind: 'choice',
    parts: [{ kind: 'start' }, sequence({ kind: 'repeat', part: anything, least: 0, most: Infinity }, dot)],
  }
  if (anchor === 'end') return compile(sequence(beginning, ...characters, { kind: 'end' }))
  return compile(sequence(...characters, { kind: 'choice', parts: [dot, { kind: 'end' }] }))
}

const sequence = (...parts: readonly Node[]): Node => ({ kind: 'sequence', parts })

function compile(node: Node): Pattern | undefined {
  const budget = { states: 0, looks: false }
  const program = programOf(node, budget, false)
  if (program === undefined) return undefined
  return {
    cost: budget.states * (budget.looks ? MAX_NAME : 1),
    matches: (text) => text.length <= MAX_NAME && run(program, [...text], 0),
  }
}

function programOf(
  node: Node,
  budget: { states: number; looks: boolean },
  inLook: boolean,
): Program | undefined {
  const states: State[] = []
  const add = (state: State): number | undefined => {
    if (++budget.states > MAX_STATES) return undefined
    return states.push(state) - 1
  }
  /** The first state of a node whose last one goes on to `next`. */
  const emit = (each: Node, next: number): number | undefined => {
    switch (each.kind) {
      case 'character':
        return add({ kind: 'character', test: each.test, next })
      case 'start':
      case 'end':
        return add({ kind: each.kind, next })
      case 'sequence':
        return each.parts.reduceRight<number | undefined>(
          (after, part) => (after === undefined ? undefined : emit(part, after)),
          next,
        )
      case 'choice': {
        const firsts: number[] = []
        for (const part of each.parts) {
          const first = emit(part, next)
          if (first === undefined) return undefined
          firsts.push(first)
        }
        return add({ kind: 'fork', next: firsts })
      }
      case 'repeat':
        return repeat(each, next)
      case 'look': {
        // Within one another they would take time to the power of their depth.
        if (inLook) return undefined
        budget.looks = true
        const program = programOf(each.part, budget, true)
        return program && add({ kind: 'look', program, negative: each.negative, next })
      }
    }
  }
  const repeat = ({ part, least, most }: Node & { kind: 'repeat' }, next: number): number | undefined => {
    let after: number | undefined = next
    if (most === Infinity) {
      const ways = [next]
      after = add({ kind: 'fork', next: ways })
      const body = after === undefined ? undefined : emit(part, after)
      if (body === undefined) return undefined
      ways.push(body)
    }
    for (let n = most === Infinity ? least : most; n > 0 && after !== undefined; n--) {
      const body: number | undefined = emit(part, after)
      // The last `least` ones to be put in front must be gone through.
      after =
        body === undefined || n <= least || most === Infinity
          ? body
          : add({ kind: 'fork', next: [body, next] })
    }
    return after
  }
  const match = add({ kind: 'match' })
  const first = match === undefined ? undefined : emit(node, match)
  return first === undefined ? undefined : { states, first }
}

/** Follows all states at once from the character at `from`. */
function run({ states, first }: Program, text: readonly string[], from: number): boolean {
  let current: readonly number[] = [first]
  for (let at = from; current.length > 0; at++) {
    const reached = new Set<number>(current)
    const following = new Set<number>()
    // A set is walked in order of insertion, with what is added on the way.
    for (const index of reached) {
      const state = states[index]!
      if (state.kind === 'match') return true
      if (state.kind === 'character') {
        if (at < text.length && state.test(text[at]!)) following.add(state.next)
      } else if (state.kind === 'fork') {
        for (const next of state.next) reached.add(next)
      } else if (holds(state, text, at)) {
        reached.add(state.next)
      }
    }
    current = [...following]
  }
  return false
}

function holds(place: Place, text: readonly string[], at: number): boolean {
  if (place.kind === 'start') return at === 0
  if (place.kind === 'end') return at === text.length
  return run(place.program, text, at) !== place.negative
}
