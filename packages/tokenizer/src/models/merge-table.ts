/** The merges of a BPE model: for two neighbouring token ids, the rank of their merge and the token it makes. */
import { PackedMerges } from '../cache/compact-model.ts'
import { UnsupportedTokenizerError } from '../errors.ts'
import { asArray } from '../json.ts'

/** Numbers of one entry: left id (-1: empty), right id, rank, id that the merge makes. They share a line of the processor's cache. */
const ENTRY = 4

export class MergeTable {
  /** Open addressing, at most half full. */
  readonly #entries: Int32Array
  readonly #mask: number
  /** What the merge of each rank makes. */
  readonly #merged: Int32Array
  /**
   * A merge always makes a longer token, so that the id it makes tells what it was made of. Not so with a prefix, which may be
   * cut off a token that does not have it.
   */
  readonly grows: boolean
  readonly #hasEqualRanks: boolean = false

  /**
   * @param merges `model.merges`: "left right" strings or [left, right] pairs, best first
   * @param vocab token text to id
   * @param prefix `continuing_subword_prefix`, which the right one of a pair loses
   */
  constructor(merges: readonly unknown[] | PackedMerges, vocab: ReadonlyMap<string, number>, prefix = '') {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(2 * merges.length, 2)))
    this.#mask = slots - 1
    this.#entries = new Int32Array(ENTRY * slots).fill(-1)
    this.#merged = new Int32Array(merges.length)
    this.grows = prefix === ''
    if (merges instanceof PackedMerges) {
      const { ids, ranks } = merges
      this.#hasEqualRanks = ranks !== null
      const count = merges.length
      for (let i = 0; i < count; i++) {
        this.#set(ranks === null ? i : ranks[i]!, ids[3 * i]!, ids[3 * i + 1]!, ids[3 * i + 2]!)
      }
      return
    }
    for (let rank = 0; rank < merges.length; rank++) {
      const merge = merges[rank]
      const [left, right] = asPair(merge, rank)
      const leftId = vocab.get(left)
      const rightId = vocab.get(right)
      const mergedId = vocab.get(left + right.slice(prefix.length))
      if (leftId === undefined || rightId === undefined || mergedId === undefined) {
        const expected = 'two tokens that are in the vocabulary, and so is their join'
        throw new UnsupportedTokenizerError({ path: `model.merges[${rank}]`, value: merge, expected })
      }
      this.#set(rank, leftId, rightId, mergedId)
    }
  }

  /** Rank of the merge of two ids, lower is earlier; -1 if they do not merge. */
  rank(left: number, right: number): number {
    return this.#entries[this.find(left, right) + 2]!
  }

  /** Whether an entry is what a merge of this rank was: one that makes the same token, or if ranks are shared one of the same rank. */
  isStill(rank: number, entry: number): boolean {
    if (this.#hasEqualRanks) return this.rankAt(entry) === rank
    return this.rankAt(entry) >= 0 && this.mergedAt(entry) === this.#merged[rank]
  }

  /** The token that the merge of this rank makes; not for shared ranks. */
  merged(rank: number): number {
    return this.#merged[rank]!
  }

  /** The entry of two ids, for `rankAt` and `mergedAt`: both -1 if they do not merge. */
  find(left: number, right: number): number {
    const entries = this.#entries
    let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    let slot = (hash ^ (hash >>> 13)) & this.#mask
    for (;;) {
      const at = slot * ENTRY
      const found = entries[at]!
      if (found === -1 || (found === left && entries[at + 1] === right)) return at
      slot = (slot + 1) & this.#mask
    }
  }

  rankAt(entry: number): number {
    return this.#entries[entry + 2]!
  }

  mergedAt(entry: number): number {
    return this.#entries[entry + 3]!
  }

  /** A later merge of the same pair replaces an earlier one. */
  #set(rank: number, left: number, right: number, merged: number): void {
    const at = this.find(left, right)
    const entries = this.#entries
    entries[at] = left
    entries[at + 1] = right
    entries[at + 2] = rank
    entries[at + 3] = merged
    this.#merged[rank] = merged
  }
}

function asPair(merge: unknown, rank: number): readonly [string, string] {
  if (typeof merge === 'string') {
    const space = merge.indexOf(' ')
    if (space > 0 && merge.indexOf(' ', space + 1) < 0) return [merge.slice(0, space), merge.slice(space + 1)]
  } else if (Array.isArray(merge) && merge.length === 2) {
    const [left, right] = merge as unknown[]
    if (typeof left === 'string' && typeof right === 'string') return [left, right]
  }
  const expected = 'a pair of tokens, as "left right" or [left, right]'
  throw new UnsupportedTokenizerError({ path: `model.merges[${rank}]`, value: merge, expected })
}

/** `model.merges`: a list, or what `compactModel` made of it. */
export function asMerges(value: unknown): readonly unknown[] | PackedMerges {
  return value instanceof PackedMerges ? value : asArray(value, 'model.merges')
}
