/** The merges of a BPE model: for two neighbouring token ids, the rank of their merge and the token it makes. */
import { PackedMerges } from '../cache/compact-model.ts'
import { UnsupportedTokenizerError } from '../errors.ts'
import { asArray } from '../json.ts'
import { PairMap } from './pair-map.ts'

export class MergeTable {
  readonly #ranks: PairMap
  readonly #merged: Int32Array

  /**
   * @param merges `model.merges`: "left right" strings or [left, right] pairs, best first
   * @param vocab token text to id
   * @param prefix `continuing_subword_prefix`, which the right one of a pair loses
   */
  constructor(merges: readonly unknown[] | PackedMerges, vocab: ReadonlyMap<string, number>, prefix = '') {
    this.#ranks = new PairMap(merges.length)
    this.#merged = new Int32Array(merges.length)
    if (merges instanceof PackedMerges) {
      const { ids } = merges
      for (let rank = 0; rank < merges.length; rank++) {
        this.#ranks.set(ids[3 * rank]!, ids[3 * rank + 1]!, rank)
        this.#merged[rank] = ids[3 * rank + 2]!
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
      this.#ranks.set(leftId, rightId, rank)
      this.#merged[rank] = mergedId
    }
  }

  /** Rank of the merge of two ids, lower is earlier; -1 if they do not merge. */
  rank(left: number, right: number): number {
    return this.#ranks.get(left, right)
  }

  /** The token that the merge of this rank makes. */
  merged(rank: number): number {
    return this.#merged[rank]!
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
