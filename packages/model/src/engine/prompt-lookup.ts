/**
 * Drafts from the text itself: what followed the last few ids when they stood in the text before. Answers that quote
 * their prompt (edits of code, summaries, tool results) are guessed many ids ahead, without a second model.
 */
import type { Drafter } from './drafter.ts'

export interface PromptLookupOptions {
  /** Ids at the end that must have stood before, at most and at least. Default 3 and 2. */
  readonly longest?: number | undefined
  readonly shortest?: number | undefined
  /** Ids of a draft at most. Default 8. */
  readonly length?: number | undefined
  /** How far back is looked, in ids. Default 4096: the search is a part of each step. */
  readonly window?: number | undefined
}

/** The longest end first, its last occurrence first. Keeps no state: one drafter may serve any number of texts. */
export function promptLookup(options: PromptLookupOptions = {}): Drafter {
  const { longest = 3, shortest = 2, length = 8, window = 4096 } = options
  return {
    draft(ids, limit) {
      const count = Math.min(length, limit)
      const first = Math.max(0, ids.length - window)
      for (let size = longest; size >= shortest && count > 0; size--) {
        const end = ids.length - size
        for (let at = end - 1; at >= first; at--) {
          if (!sameRun(ids, at, end, size)) continue
          return ids.slice(at + size, at + size + count)
        }
      }
      return []
    },
  }
}

function sameRun(ids: readonly number[], a: number, b: number, size: number): boolean {
  for (let i = 0; i < size; i++) if (ids[a + i] !== ids[b + i]) return false
  return true
}
