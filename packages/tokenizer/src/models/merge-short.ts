/** Byte pair encoding of a short pre-token: the lowest rank is looked for by going through all pairs. */
import type { MergeTable } from './merge-table.ts'

/** Up to so many symbols this is quicker than a heap, though its time grows with their square. */
export const SHORT = 128

/** Rank of the pair that begins at each symbol, or NONE; and what it makes. One thread, no calls between: shared by all. */
const ranks = new Int32Array(SHORT)
const made = new Int32Array(SHORT)
const NONE = 0x7fff_ffff

/** As `mergeWord`, for at most SHORT ids and a table whose merges all grow. */
export function mergeShort(ids: Int32Array, merges: MergeTable, length: number): number {
  let last = length - 1
  for (let i = 0; i < last; i++) rate(ids, merges, i)
  for (;;) {
    let best = 0
    let bestRank = NONE
    for (let i = 0; i < last; i++) {
      const rank = ranks[i]!
      if (rank < bestRank) {
        bestRank = rank
        best = i
      }
    }
    if (bestRank === NONE) return last + 1
    ids[best] = made[best]!
    for (let i = best + 1; i < last; i++) {
      ids[i] = ids[i + 1]!
      ranks[i] = ranks[i + 1]!
      made[i] = made[i + 1]!
    }
    last--
    if (best > 0) rate(ids, merges, best - 1)
    if (best < last) rate(ids, merges, best)
  }
}

function rate(ids: Int32Array, merges: MergeTable, at: number): void {
  const entry = merges.find(ids[at]!, ids[at + 1]!)
  const rank = merges.rankAt(entry)
  ranks[at] = rank < 0 ? NONE : rank
  made[at] = merges.mergedAt(entry)
}
