/** The index tensors of a step, made of a plan in arrays that are used again: the loop allocates none. */
import type { PagedCache } from './paged-cache.ts'
import type { Piece } from './sequence.ts'
import { reachesEnd } from './sequence.ts'

export class StepInput {
  readonly #ids: Int32Array
  readonly #positions: Int32Array
  readonly #slots: Int32Array
  readonly #rows: Int32Array
  readonly #nextIds: Int32Array
  /** What the page table in the backend's memory holds, `[slots, pagesPerSlot]`. */
  readonly #table: Int32Array
  readonly #cache: PagedCache
  #tokens = 0
  #rowCount = 0

  constructor(cache: PagedCache) {
    const { batch, slots, pagesPerSlot } = cache.sizes
    this.#cache = cache
    this.#ids = new Int32Array(batch)
    this.#positions = new Int32Array(batch)
    this.#slots = new Int32Array(batch)
    this.#rows = new Int32Array(batch)
    this.#nextIds = new Int32Array(batch)
    this.#table = new Int32Array(slots * pagesPerSlot).fill(-1)
  }

  get ids(): Int32Array {
    return this.#ids.subarray(0, this.#tokens)
  }
  get positions(): Int32Array {
    return this.#positions.subarray(0, this.#tokens)
  }
  get slots(): Int32Array {
    return this.#slots.subarray(0, this.#tokens)
  }
  /** Of each piece that reaches its text's end the last id and the drafts, in the order of the pieces. */
  get rows(): Int32Array {
    return this.#rows.subarray(0, this.#rowCount)
  }

  /**
   * What follows each token, once the step's tokens are chosen; 0 after drafts that were wrong, whose rows are written
   * again later.
   */
  nextIds(pieces: readonly Piece[]): Int32Array {
    let token = 0
    for (const { sequence, start, count, drafts } of pieces) {
      for (let i = 0; i < count + drafts; i++) this.#nextIds[token++] = sequence.ids[start + i + 1] ?? 0
    }
    return this.#nextIds.subarray(0, token)
  }

  /** Takes the pieces over, and brings the page table in the backend's memory up to date. */
  set(pieces: readonly Piece[]): void {
    this.#tokens = 0
    this.#rowCount = 0
    for (const piece of pieces) {
      const { sequence, start, count, drafts } = piece
      for (let i = 0; i < count + drafts; i++) {
        const id = i < count ? sequence.ids[start + i] : sequence.drafts[i - count]
        if (i >= count - 1 && reachesEnd(piece)) this.#rows[this.#rowCount++] = this.#tokens
        this.#ids[this.#tokens] = id as number
        this.#positions[this.#tokens] = start + i
        this.#slots[this.#tokens++] = sequence.slot
      }
      this.#setPages(sequence.slot, sequence.pages)
    }
  }

  /** Writes the part of a slot's pages that changed. */
  #setPages(slot: number, pages: readonly number[]): void {
    const own = this.#table.subarray(slot * this.#cache.sizes.pagesPerSlot)
    let first = 0
    while (first < pages.length && own[first] === pages[first]) first++
    if (first === pages.length) return
    for (let i = first; i < pages.length; i++) own[i] = pages[i] as number
    this.#cache.setPages(slot, first, own.subarray(first, pages.length))
  }
}
