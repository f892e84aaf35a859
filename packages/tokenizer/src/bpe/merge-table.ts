/** The merges of a BPE model: for two neighbouring token ids, the rank of their merge and the token it makes. */
import { UnsupportedTokenizerError } from './errors.ts'
import { asArray } from './json.ts'

export class MergeTable {
  /** `left * idLimit + right` to rank. */
  readonly #ranks = new Map<number, number>()
  readonly #merged: Int32Array
  readonly #idLimit: number

  /**
   * @param merges `model.merges`: "left right" strings or [left, right] pairs, best first
   * @param vocab token text to id
   * @param idLimit one more than the largest id
   */
  constructor(merges: readonly unknown[], vocab: ReadonlyMap<string, number>, idLimit: number) {
    this.#idLimit = idLimit
    this.#merged = new Int32Array(merges.length)
    for (const [rank, merge] of merges.entries()) {
      const path = `model.merges[${rank}]`
      const pair = typeof merge === 'string' ? merge.split(' ') : asArray(merge, path)
      const [left, right] = pair
      if (pair.length !== 2 || typeof left !== 'string' || typeof right !== 'string') {
        throw new UnsupportedTokenizerError({ path, value: merge, expected: 'a pair of tokens' })
      }
      const leftId = vocab.get(left)
      const rightId = vocab.get(right)
      const mergedId = vocab.get(left + right)
      if (leftId === undefined || rightId === undefined || mergedId === undefined) {
        const expected = 'two tokens that are in the vocabulary, and so is their join'
        throw new UnsupportedTokenizerError({ path, value: merge, expected })
      }
      this.#ranks.set(leftId * idLimit + rightId, rank)
      this.#merged[rank] = mergedId
    }
  }

  /** Rank of the merge of two ids, lower is earlier; -1 if they do not merge. */
  rank(left: number, right: number): number {
    return this.#ranks.get(left * this.#idLimit + right) ?? -1
  }

  /** The token that the merge of this rank makes. */
  merged(rank: number): number {
    return this.#merged[rank]!
  }
}
