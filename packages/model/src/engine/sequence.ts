/** One text in the engine, as the scheduler sees it. */
import type { Entry } from './prefix.ts'

export interface Sequence {
  /** Counts submissions: who came first goes first. */
  readonly order: number
  /** Prompt and generated ids. */
  readonly ids: number[]
  /** Positions whose cache rows are filled; below `ids.length`, as the last id is always still to be computed. */
  computed: number
  /** Page of each `pageSize` positions. Pages before `sealed` may be shared; nothing is written to them. */
  readonly pages: number[]
  /** Pages that are full and in the prefix cache, and the entry of the last one. */
  sealed: number
  entry: Entry | undefined
  state: 'waiting' | 'running' | 'done'
  /** Row of the page table while running. */
  slot: number
  /** Ids that may come next, to be tried together with the last one. Whoever drafts sets them before `plan`. */
  drafts: readonly number[]
  /** Prompt ids that were found in the cache when the sequence first ran. */
  cached: number | undefined
  preemptions: number
}

/** A run of ids of one sequence that one step computes. */
export interface Piece {
  readonly sequence: Sequence
  /** Position of the first id. */
  readonly start: number
  /** Ids from `start` on. */
  count: number
  /** Of `sequence.drafts`, how many come after them. */
  drafts: number
}

/** Rows that a sequence takes over from a page of others. */
export interface PageCopy {
  readonly from: number
  readonly to: number
}

/** What one step does: the copies in order, then all pieces in one forward pass. */
export interface StepPlan {
  readonly copies: readonly PageCopy[]
  readonly pieces: readonly Piece[]
}

export function newSequence(order: number, prompt: readonly number[]): Sequence {
  return {
    order,
    ids: [...prompt],
    computed: 0,
    pages: [],
    sealed: 0,
    entry: undefined,
    state: 'waiting',
    slot: -1,
    drafts: [],
    cached: undefined,
    preemptions: 0,
  }
}

/** Whether the piece reaches the last id, so that its logits say what comes next. */
export function reachesEnd({ sequence, start, count }: Piece): boolean {
  return start + count === sequence.ids.length
}
