/**
 * Byte pair encoding of one pre-token: the best merge first, of equals the leftmost, until none is left. Long ones with a heap
 * of candidate merges over a linked list of symbols: n log n for n bytes, also for a megabyte without a space.
 */
import { mergeShort, SHORT } from './merge-short.ts'
import type { MergeTable } from './merge-table.ts'
import { NumberHeap } from './number-heap.ts'

/** A candidate is one number, `rank * POSITIONS + position`, so that numeric order is merge order. */
const POSITIONS = 2 ** 31

/**
 * Merges the first `length` of `ids` (one per byte or character) in place.
 *
 * @returns how many ids are left; they stand at the front of `ids`
 */
export function mergeWord(ids: Int32Array, merges: MergeTable, length: number = ids.length): number {
  return length <= SHORT && merges.grows ? mergeShort(ids, merges, length) : mergeLong(ids, merges, length)
}

/** For tests; `mergeWord` chooses it for long words. */
export function mergeLong(ids: Int32Array, merges: MergeTable, length: number): number {
  const next = new Int32Array(length)
  const previous = new Int32Array(length)
  const candidates = new NumberHeap()
  for (let position = 0; position < length; position++) {
    previous[position] = position - 1
    next[position] = position + 1
    if (position + 1 === length) break
    const rank = merges.rank(ids[position]!, ids[position + 1]!)
    if (rank >= 0) candidates.push(rank * POSITIONS + position)
  }

  for (let candidate = candidates.pop(); candidate !== undefined; candidate = candidates.pop()) {
    const left = candidate % POSITIONS
    const right = next[left]!
    if (ids[left] === GONE || right >= length) continue
    // A candidate is out of date if its pair has changed. Like the Rust library, compare what the pair would make now, not
    // its rank: two pairs may make the same token.
    const now = merges.find(ids[left]!, ids[right]!)
    if (!merges.isStill((candidate - left) / POSITIONS, now)) continue

    const merged = merges.mergedAt(now)
    ids[left] = merged
    ids[right] = GONE
    const after = next[right]!
    const before = previous[left]!
    next[left] = after
    if (before >= 0) {
      const rank = merges.rank(ids[before]!, merged)
      if (rank >= 0) candidates.push(rank * POSITIONS + before)
    }
    if (after < length) {
      previous[after] = left
      const rank = merges.rank(merged, ids[after]!)
      if (rank >= 0) candidates.push(rank * POSITIONS + left)
    }
  }

  let count = 0
  for (let position = 0; position < length; position = next[position]!) ids[count++] = ids[position]!
  return count
}

/** Marks a symbol that was merged into its left neighbour. */
const GONE = -1
