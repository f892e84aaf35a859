/**
 * Regular expressions in time linear in the text: a nondeterministic automaton (Thompson 1968), all states of which are
 * followed at once. JavaScript's own engine backtracks, exponentially for `^(a+)+$`, and nothing can interrupt it.
 */
import { PatternLimitError } from '../errors.ts'
import type { PatternNode } from './pattern-syntax.ts'

/** Counted repetition is written out: `(a{100}){100}` would have 10,000 states. */
const maxStates = 1000
const maxWork = 20_000
/** States entered in one search: about half a second. */
const maxSearch = 20_000_000
/** Characters whose classes are remembered. */
const maxRemembered = 4096

type State =
  | { readonly kind: 'character'; readonly character: number; readonly next: number }
  | { readonly kind: 'assertion'; readonly of: '^' | '$' | 'b' | 'B'; readonly next: number }
  | { readonly kind: 'split'; readonly next: number; other: number }

interface Automaton {
  readonly states: readonly State[]
  /** One for each different kind of character. */
  readonly characters: readonly RegExp[]
  readonly start: number
}

/** The state in which the text has matched. */
const matched = -1

/**
 * A function that says whether the pattern matches somewhere in a text: what `RegExp.test` says. It throws
 * `PatternLimitError` for texts that are too long. Undefined if the pattern is too large, written out.
 */
export function createMatcher(tree: PatternNode): ((text: string) => boolean) | undefined {
  const automaton = compile(tree)
  if (automaton === undefined) return undefined
  const remembered = new Map<string, readonly boolean[]>()
  const classify = (character: string): readonly boolean[] => {
    let classes = remembered.get(character)
    if (classes === undefined) {
      if (remembered.size === maxRemembered) remembered.clear()
      classes = automaton.characters.map((expression) => expression.test(character))
      remembered.set(character, classes)
    }
    return classes
  }
  const limit = Math.floor(maxSearch / (automaton.states.length + 1))
  return (text) => {
    if (text.length > limit) throw new PatternLimitError({ characters: text.length, limit })
    return search(automaton, classify, text)
  }
}

function compile(tree: PatternNode): Automaton | undefined {
  const states: State[] = []
  const sources = new Map<string, number>()
  let work = 0
  let tooLarge = false

  const push = (state: State): number => {
    if (states.length === maxStates) tooLarge = true
    return tooLarge ? matched : states.push(state) - 1
  }
  /** The state that begins `node` and goes on to `next` behind it. */
  const build = (node: PatternNode, next: number): number => {
    if (++work > maxWork) tooLarge = true
    if (tooLarge) return matched
    switch (node.kind) {
      case 'character': {
        const character = sources.get(node.source) ?? sources.size
        sources.set(node.source, character)
        return push({ kind: 'character', character, next })
      }
      case 'assertion':
        return push({ kind: 'assertion', of: node.of, next })
      case 'sequence':
        return node.parts.reduceRight((behind, part) => build(part, behind), next)
      case 'choice':
        return node.options
          .map((option) => build(option, next))
          .reduceRight((other, option) => push({ kind: 'split', next: option, other }))
      case 'repeat':
        return buildRepeat(node.body, node.least, node.most, next)
    }
  }
  const buildRepeat = (body: PatternNode, least: number, most: number, next: number): number => {
    let start = next
    if (most === Number.POSITIVE_INFINITY) {
      const loop: State = { kind: 'split', next, other: next }
      start = push(loop)
      loop.other = build(body, start)
    } else {
      for (let count = least; count < most && !tooLarge; count++) {
        start = push({ kind: 'split', next, other: build(body, start) })
      }
    }
    for (let count = 0; count < least && !tooLarge; count++) start = build(body, start)
    return start
  }

  const start = build(tree, matched)
  if (tooLarge) return undefined
  return {
    states,
    characters: [...sources.keys()].map((source) => new RegExp(`^(?:${source})$`, 'u')),
    start,
  }
}

/** Follows every way at once: O(text length x states). */
function search(
  { states, start }: Automaton,
  classify: (character: string) => readonly boolean[],
  text: string,
): boolean {
  const characters = [...text]
  // When a state was entered last, so that it is followed once at each position.
  const entered = new Int32Array(states.length).fill(-1)
  let current: number[] = []
  for (let at = 0; at <= characters.length; at++) {
    const before = characters[at - 1]
    const here = characters[at]
    const next: number[] = []
    const classes = here === undefined ? undefined : classify(here)
    const open = [...current, start]
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (index === matched) return true
      if (entered[index] === at) continue
      entered[index] = at
      const state = states[index]
      if (state === undefined) continue
      if (state.kind === 'split') open.push(state.other, state.next)
      else if (state.kind === 'assertion') {
        if (holds(state.of, before, here)) open.push(state.next)
      } else if (classes?.[state.character]) next.push(state.next)
    }
    current = next
  }
  return false
}

function holds(of: '^' | '$' | 'b' | 'B', before: string | undefined, here: string | undefined): boolean {
  if (of === '^') return before === undefined
  if (of === '$') return here === undefined
  return (isWord(before) !== isWord(here)) === (of === 'b')
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /^\w$/.test(character)
}
