/** What must come next, without asking the model. */
import type { Configuration, Machine } from './machine.ts'
import type { TokenTrie } from './token-trie.ts'

/** Tokens in one go. */
const MOST = 256

/**
 * Tokens that follow without a choice. Bytes are put into the longest tokens that hold them; a token is given only if no
 * longer one could begin in the same place, for then the model must choose.
 */
export function forcedTokens(machine: Machine, start: number, trie: TokenTrie): number[] {
  const tokens: number[] = []
  let at = start
  while (tokens.length < MOST) {
    const marker = onlyToken(machine, at)
    if (marker !== undefined) {
      tokens.push(marker)
      at = machine.stepToken(at, marker)
      continue
    }
    const piece = onlyPiece(machine, at, trie)
    if (piece === undefined) break
    tokens.push(piece.token)
    at = piece.to
  }
  return tokens
}

function onlyToken(machine: Machine, at: number): number | undefined {
  const { pairs, complete } = machine.configurations[at] as Configuration
  if (complete) return undefined
  const named = new Set<number>()
  for (let i = 0; i < pairs.length; i += 2) {
    const frame = machine.frames.get(pairs[i] as number)
    if (frame.byteEdges.length > 0) return undefined
    for (const [token] of frame.tokens) named.add(token)
  }
  const [token] = named
  return named.size === 1 ? token : undefined
}

/** The longest token along bytes without a choice, unless the choice begins where a longer token may go on. */
function onlyPiece(
  machine: Machine,
  start: number,
  trie: TokenTrie,
): { token: number; to: number } | undefined {
  let [at, from, to] = [start, 0, trie.byte.length]
  let best: { token: number; to: number } | undefined
  for (;;) {
    const byte = onlyByte(machine, at)
    // A choice, or another rule's marker: a longer token must not be possible.
    if (byte === undefined) return hasAny(machine, at, trie, from, to) ? undefined : best
    const node = child(trie, from, to, byte)
    if (node === undefined) return best
    at = machine.step(at, byte)
    if (trie.token[node] !== -1) best = { token: trie.token[node] as number, to: at }
    from = node + 1
    to = trie.skip[node] as number
  }
}

function onlyByte(machine: Machine, at: number): number | undefined {
  const { pairs, complete } = machine.configurations[at] as Configuration
  if (complete) return undefined
  let only: number | undefined
  for (let i = 0; i < pairs.length; i += 2) {
    const frame = machine.frames.get(pairs[i] as number)
    if (frame.tokens.length > 0) return undefined
    for (const { low, high } of frame.byteEdges) {
      if (low !== high || (only !== undefined && only !== low)) return undefined
      only = low
    }
  }
  return only
}

function child(trie: TokenTrie, from: number, to: number, byte: number): number | undefined {
  for (let node = from; node < to; node = trie.skip[node] as number) if (trie.byte[node] === byte) return node
  return undefined
}

function hasAny(machine: Machine, at: number, trie: TokenTrie, from: number, to: number): boolean {
  for (let node = from; node < to; node = trie.skip[node] as number) {
    if (machine.step(at, trie.byte[node] as number) >= 0) return true
  }
  return false
}
