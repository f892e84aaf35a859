/** Which pages of a cache are taken, and how often: counting alone, no tensors. */
import { InvariantError } from './errors.ts'

/** Pages `0 .. count - 1`. A page is free, or held by a number of owners; who lets go of it last says where it goes. */
export class PagePool {
  readonly count: number
  readonly #holders: Int32Array
  /** A stack: the page given back last is the next one taken, while it is still in the processor's caches. */
  readonly #free: number[]

  constructor(count: number) {
    this.count = count
    this.#holders = new Int32Array(count)
    this.#free = Array.from({ length: count }, (_, i) => count - 1 - i)
  }

  /** Pages that nobody holds. */
  get free(): number {
    return this.#free.length
  }

  /** Owners of a page. */
  holders(page: number): number {
    return this.#holders[page] ?? 0
  }

  /** A free page, now held once; undefined when there is none. */
  take(): number | undefined {
    const page = this.#free.pop()
    if (page !== undefined) this.#holders[page] = 1
    return page
  }

  /** One owner more. */
  retain(page: number): void {
    this.#assertHeld(page)
    this.#holders[page]! += 1
  }

  /** One owner less; without owners the page is free. */
  release(page: number): void {
    this.#assertHeld(page)
    this.#holders[page]! -= 1
    if (this.#holders[page] === 0) this.#free.push(page)
  }

  #assertHeld(page: number): void {
    if (!(this.holders(page) > 0)) throw new InvariantError(`page ${page} is held by nobody`)
  }
}
