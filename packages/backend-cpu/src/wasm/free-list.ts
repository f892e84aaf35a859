/** First-fit bookkeeping of a range of addresses that can grow at its end. It touches no memory. */

/** Every address and size is a multiple of this. */
export const ALIGNMENT = 16

/** `bytes` rounded up to the alignment; at least one unit, so that every piece has an address of its own. */
export function aligned(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / ALIGNMENT)) * ALIGNMENT
}

interface Gap {
  start: number
  end: number
}

/** Which addresses of `start .. end - 1` are free: gaps in order of address, never touching each other. */
export class FreeList {
  readonly #gaps: Gap[] = []
  #end: number

  /** An empty range at `start`, a multiple of the alignment. */
  constructor(start: number) {
    this.#end = start
  }

  /** End of the managed range. */
  get end(): number {
    return this.#end
  }

  /** Sum of all gaps. */
  get freeBytes(): number {
    return this.#gaps.reduce((sum, gap) => sum + gap.end - gap.start, 0)
  }

  /** Bytes of the gap that ends the range: what an extension need not add. */
  get freeAtEnd(): number {
    const last = this.#gaps.at(-1)
    return last !== undefined && last.end === this.#end ? last.end - last.start : 0
  }

  /** The first address with `bytes` (aligned) free bytes, now taken; `undefined` if there is none. */
  take(bytes: number): number | undefined {
    const index = this.#gaps.findIndex((gap) => gap.end - gap.start >= bytes)
    const gap = this.#gaps[index]
    if (gap === undefined) return undefined
    const address = gap.start
    gap.start += bytes
    if (gap.start === gap.end) this.#gaps.splice(index, 1)
    return address
  }

  /** Frees `bytes` (aligned) at `address`, which were taken before. */
  give(address: number, bytes: number): void {
    const end = address + bytes
    const found = this.#gaps.findIndex((gap) => gap.start >= end)
    const index = found < 0 ? this.#gaps.length : found
    const before = this.#gaps[index - 1]
    const after = this.#gaps[index]
    if (before?.end === address) {
      before.end = end
      if (after?.start !== end) return
      before.end = after.end
      this.#gaps.splice(index, 1)
    } else if (after?.start === end) after.start = address
    else this.#gaps.splice(index, 0, { start: address, end })
  }

  /** Adds `bytes` (aligned) free bytes at the end of the range. */
  extend(bytes: number): void {
    this.#end += bytes
    this.give(this.#end - bytes, bytes)
  }
}
