/** Texts for tests: random ones that a constraint allows, and given ones in random tokens. */
import { fail } from 'node:assert/strict'
import type { Constrainer, Constraint } from '../constraint.ts'
import type { Grammar } from '../grammar.ts'
import { bitsToList } from '../masks.ts'
import type { Vocabulary } from '../token-trie.ts'

/** Numbers in [0, 1) from a seed (mulberry32): tests must repeat. */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What ends JSON values, the best first, and letters that the patterns of the tests ask for. */
const CLOSING = ['"', 'bc', '}', ']'].map(
  (set) => new Set([...set].map((character) => character.charCodeAt(0))),
)

export interface Walk {
  readonly ids: readonly number[]
  readonly text: string
}

/** Tokens at random until an end token; after `soon` of them those that close something are preferred. */
export function randomWalk(
  constraint: Constraint,
  vocabulary: Vocabulary,
  random: () => number,
  soon: number,
  closers: readonly ReadonlySet<number>[] = CLOSING,
): Walk {
  const ids: number[] = []
  const bytes: number[] = []
  while (!constraint.ended) {
    if (ids.length > 3000) fail(`no end in sight: ${JSON.stringify(textOf(bytes).slice(0, 200))}`)
    let allowed = [...(bitsToList(constraint.mask(), Number.POSITIVE_INFINITY) as Int32Array)]
    if (allowed.length === 0) fail(`a dead end after ${JSON.stringify(textOf(bytes))}`)
    if (ids.length > soon * random()) {
      const ends = allowed.filter((id) => vocabulary.endIds.includes(id))
      const closing = closers
        .map((set) => allowed.filter((id) => vocabulary.bytesOf(id)?.every((byte) => set.has(byte))))
        .find((list) => list.length > 0 && random() < 0.9)
      if (ends.length > 0) allowed = ends
      else if (closing !== undefined) allowed = closing
    }
    const id = allowed[Math.floor(random() * allowed.length)] as number
    constraint.accept(id)
    ids.push(id)
    if (!vocabulary.endIds.includes(id)) bytes.push(...(vocabulary.bytesOf(id) ?? []))
  }
  return { ids, text: textOf(bytes) }
}

function textOf(bytes: readonly number[]): string {
  return new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(Uint8Array.from(bytes))
}

/** Tokens by their bytes as latin-1 text. */
export function tokensByText(vocabulary: Vocabulary): Map<string, number> {
  const tokens = new Map<string, number>()
  const control = new Set([...vocabulary.controlIds, ...vocabulary.endIds])
  for (let id = 0; id < vocabulary.size; id++) {
    const bytes = vocabulary.bytesOf(id)
    if (bytes !== undefined && !control.has(id)) tokens.set(String.fromCharCode(...bytes), id)
  }
  return tokens
}

/** A text in tokens of random lengths. */
export function randomTokens(
  text: string,
  tokens: ReadonlyMap<string, number>,
  random: () => number,
): number[] {
  const latin = String.fromCharCode(...new TextEncoder().encode(text))
  const ids: number[] = []
  for (let at = 0; at < latin.length; ) {
    const choices: string[] = []
    for (let length = 1; length <= Math.min(16, latin.length - at); length++) {
      const piece = latin.slice(at, at + length)
      if (tokens.has(piece)) choices.push(piece)
    }
    const piece = choices[Math.floor(random() * choices.length)] as string
    ids.push(tokens.get(piece) as number)
    at += piece.length
  }
  return ids
}

/** Whether the whole text is allowed, token by token, by the masks. */
export function accepts(constrainer: Constrainer, grammar: Grammar, ids: readonly number[]): boolean {
  const constraint = constrainer.start(grammar)
  for (const id of ids) {
    const word = constraint.mask()[id >>> 5] as number
    if (((word >>> (id & 31)) & 1) === 0) return false
    constraint.accept(id)
  }
  return constraint.complete
}
