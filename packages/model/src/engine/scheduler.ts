/**
 * Which ids the next step computes, and where their cache rows lie: plain data, no tensors.
 *
 * First come, first served: running texts get a token each, then the rest of the step goes to prompts, in equal parts, so
 * that a long prompt delays neither texts nor short prompts. Where pages run out, the text that came last gives its
 * pages up and waits; it is computed again later (from what the prefix cache still has), nothing of it is lost. The
 * first one can always go on, so all of them end.
 */
import { ContextLengthError } from '../errors.ts'
import { QueueFullError } from './errors.ts'
import type { Match, PrefixCache } from './prefix.ts'
import { newSequence, type PageCopy, type Piece, type Sequence, type StepPlan } from './sequence.ts'
import { share } from './share.ts'

export interface SchedulerLimits {
  /** Tokens of one step. At least `slots`. */
  readonly batch: number
  /** Sequences that run at once. */
  readonly slots: number
  /** Sequences that may wait. */
  readonly waiting: number
  /** Positions of one sequence. */
  readonly positions: number
}

export class Scheduler {
  readonly #cache: PrefixCache
  readonly #limits: SchedulerLimits
  /** Both in order of arrival. */
  readonly #running: Sequence[] = []
  readonly #waiting: Sequence[] = []
  readonly #slots: number[]
  #arrivals = 0
  /** Who did not start for want of pages, and how many there were. */
  #blocked: { readonly sequence: Sequence; readonly room: number } | undefined
  /** The plan being made. */
  #pieces = new Map<Sequence, Piece>()
  #copies: PageCopy[] = []
  #preempted = false

  constructor(cache: PrefixCache, limits: SchedulerLimits) {
    this.#cache = cache
    this.#limits = limits
    this.#slots = Array.from({ length: limits.slots }, (_, i) => limits.slots - 1 - i)
  }

  get running(): readonly Sequence[] {
    return this.#running
  }

  get waiting(): readonly Sequence[] {
    return this.#waiting
  }

  /** Positions of the longest sequence: what the model takes, and what all pages hold. */
  get capacity(): number {
    return Math.min(this.#limits.positions, this.#cache.pages * this.#cache.pageSize)
  }

  /** Queues a prompt (at least one id). Throws `ContextLengthError` if it never fits, `QueueFullError`. */
  add(prompt: readonly number[]): Sequence {
    if (prompt.length > this.capacity) {
      throw new ContextLengthError({ limit: this.capacity, got: prompt.length })
    }
    // Those for whom there is a slot only wait for the next step.
    if (this.#waiting.length >= this.#limits.waiting + this.#slots.length) {
      throw new QueueFullError(this.#limits.waiting)
    }
    const sequence = newSequence(this.#arrivals++, prompt)
    this.#waiting.push(sequence)
    return sequence
  }

  /** The sequence has ended, in whatever way: its pages are free, its text may be found by others. Safe to call twice. */
  remove(sequence: Sequence): void {
    if (sequence.state === 'running') this.#stop(sequence)
    else if (sequence.state === 'waiting') this.#waiting.splice(this.#waiting.indexOf(sequence), 1)
    sequence.state = 'done'
  }

  /** The next step. Without pieces only if nothing runs or waits. Copies have to be made even so. */
  plan(): StepPlan {
    this.#pieces = new Map()
    this.#copies = []
    this.#preempted = false
    let budget = this.#limits.batch
    for (const sequence of [...this.#running]) {
      if (sequence.state === 'running' && pending(sequence) === 1) budget -= this.#give(sequence, 1)
    }
    this.#admit(budget)
    budget -= this.#givePrompts(budget)
    this.#giveDrafts(budget)
    return { copies: this.#copies, pieces: [...this.#pieces.values()] }
  }

  /**
   * The piece is computed and its first `accepted` drafts were right; what follows stands in `sequence.ids` already, the
   * right drafts first. Nothing happens to a sequence that was removed in the meantime.
   */
  advance({ sequence, start, count }: Piece, accepted: number): void {
    if (sequence.state !== 'running') return
    sequence.computed = start + count + accepted
    this.#seal(sequence)
  }

  #give(sequence: Sequence, count: number): number {
    const start = sequence.computed
    const got = this.#grow(sequence, start + count, true) - start
    if (got <= 0) return 0
    this.#pieces.set(sequence, { sequence, start, count: got, drafts: 0 })
    return got
  }

  /** Starts waiting sequences in order, as long as slots, pages and the step have room for them. */
  #admit(budget: number): void {
    const prompts = this.#running.filter((sequence) => pending(sequence) > 1).length
    for (let free = budget - prompts; free > 0 && !this.#preempted; free--) {
      const [sequence] = this.#waiting
      if (sequence === undefined || this.#slots.length === 0) return
      const alone = this.#running.length === 0
      const room = this.#room()
      // A long prompt is not searched for in each step in which no memory has come free.
      if (!alone && this.#blocked?.sequence === sequence && room <= this.#blocked.room) return
      const match = this.#cache.match(sequence.ids, sequence.ids.length - 1)
      const missing = this.#pagesOf(sequence) - match.pages.length
      // Pages that were idle until `match` took them are counted off, too.
      if (missing > this.#room() && !alone) {
        this.#releaseAll(match.pages)
        this.#blocked = { sequence, room }
        return
      }
      this.#waiting.shift()
      this.#start(sequence, match)
    }
  }

  /** Pages that can be taken and that no running text needs for the ids it has. */
  #room(): number {
    let room = this.#cache.available
    for (const sequence of this.#running) room -= Math.max(0, this.#pagesOf(sequence) - sequence.pages.length)
    return room
  }

  #pagesOf({ ids }: Sequence): number {
    return Math.ceil(ids.length / this.#cache.pageSize)
  }

  #start(sequence: Sequence, { pages, entry, tail }: Match): void {
    sequence.state = 'running'
    sequence.slot = this.#slots.pop() as number
    insert(this.#running, sequence)
    sequence.pages.push(...pages)
    sequence.sealed = pages.length
    sequence.entry = entry
    sequence.computed = pages.length * this.#cache.pageSize
    const copy = tail === undefined ? undefined : this.#cache.take()
    if (tail !== undefined && copy !== undefined) {
      // The page taken may be that very one, if it was the last idle one: a copy onto itself does no harm.
      this.#copies.push({ from: tail.page, to: copy })
      sequence.pages.push(copy)
      sequence.computed += tail.rows
    }
    sequence.cached ??= sequence.computed
  }

  /** Divides the rest of the step among those that have more than one id to compute. */
  #givePrompts(budget: number): number {
    const prompts = this.#running.filter((sequence) => !this.#pieces.has(sequence) && pending(sequence) > 0)
    const shares = share(prompts.map(pending), budget)
    let given = 0
    prompts.forEach((sequence, i) => {
      if (sequence.state === 'running') given += this.#give(sequence, shares[i] as number)
    })
    return given
  }

  /** Drafts are tried only where nobody has to give way for them. */
  #giveDrafts(budget: number): void {
    let left = budget
    for (const piece of this.#pieces.values()) {
      const { sequence, start, count } = piece
      const end = start + count
      if (end !== sequence.ids.length) continue
      const wanted = Math.min(sequence.drafts.length, left, this.capacity - end)
      if (wanted <= 0) continue
      piece.drafts = Math.max(0, this.#grow(sequence, end + wanted, false) - end)
      left -= piece.drafts
    }
  }

  /** Takes pages for positions before `end`, of later arrivals if it `mayPreempt`; returns the end that there is room for. */
  #grow(sequence: Sequence, end: number, mayPreempt: boolean): number {
    const { pageSize } = this.#cache
    while (sequence.pages.length * pageSize < end) {
      const page = this.#cache.take()
      if (page !== undefined) sequence.pages.push(page)
      else if (!mayPreempt || !this.#preemptAfter(sequence)) break
    }
    return Math.min(end, sequence.pages.length * pageSize)
  }

  #preemptAfter(sequence: Sequence): boolean {
    const last = this.#running.at(-1)
    if (last === undefined || last === sequence) return false
    this.#pieces.delete(last)
    this.#stop(last)
    last.state = 'waiting'
    last.preemptions++
    insert(this.#waiting, last)
    this.#preempted = true
    return true
  }

  /** Gives slot and pages back; what is computed stays findable until memory is needed. */
  #stop(sequence: Sequence): void {
    const { pageSize } = this.#cache
    const start = sequence.sealed * pageSize
    const tail = sequence.pages[sequence.sealed]
    if (tail !== undefined && sequence.entry !== undefined && sequence.computed > start) {
      const ids = sequence.ids.slice(start, sequence.computed)
      const entry = this.#cache.add(sequence.entry, ids, tail)
      sequence.pages[sequence.sealed] = entry.page >= 0 ? entry.page : tail
    }
    this.#releaseAll(sequence.pages)
    this.#running.splice(this.#running.indexOf(sequence), 1)
    this.#slots.push(sequence.slot)
    sequence.slot = -1
    sequence.pages.length = 0
    sequence.computed = 0
    sequence.sealed = 0
    sequence.entry = undefined
  }

  /** Puts pages that became full into the prefix cache; nothing is written to them from then on. */
  #seal(sequence: Sequence): void {
    const { pageSize } = this.#cache
    for (let end = (sequence.sealed + 1) * pageSize; end <= sequence.computed; end += pageSize) {
      const page = sequence.pages[sequence.sealed] as number
      const entry = this.#cache.add(
        sequence.entry as Match['entry'],
        sequence.ids.slice(end - pageSize, end),
        page,
      )
      sequence.entry = entry
      if (entry.page >= 0) sequence.pages[sequence.sealed] = entry.page
      sequence.sealed++
    }
  }

  /** The last first: the later a page is in its text, the sooner it may be forgotten. */
  #releaseAll(pages: readonly number[]): void {
    for (const page of pages.toReversed()) this.#cache.release(page)
  }
}

/** Ids that are still to be computed. */
function pending({ ids, computed }: Sequence): number {
  return ids.length - computed
}

/** Keeps the order of arrival. */
function insert(list: Sequence[], sequence: Sequence): void {
  const at = list.findIndex(({ order }) => order > sequence.order)
  list.splice(at < 0 ? list.length : at, 0, sequence)
}
