/** Ids as they are made: a growing Int32Array, or only their number where nobody asks for them. */
export class IdBuffer {
  #ids: Int32Array
  #length = 0
  readonly #counts: boolean

  /** @param counts only counts the ids: `toArray` is then not to be called */
  constructor(counts = false) {
    this.#counts = counts
    this.#ids = new Int32Array(counts ? 0 : 64)
  }

  get length(): number {
    return this.#length
  }

  push(id: number): void {
    if (!this.#counts) {
      if (this.#length === this.#ids.length) this.#reserve(1)
      this.#ids[this.#length] = id
    }
    this.#length++
  }

  /** Appends `source[from]` to `source[to - 1]`. */
  append(source: Int32Array, from: number, to: number): void {
    const start = this.#length
    this.#length += to - from
    if (this.#counts) return
    if (this.#length > this.#ids.length) this.#reserve(0)
    for (let i = from, at = start; i < to; i++, at++) this.#ids[at] = source[i]!
  }

  toArray(): number[] {
    const ids = new Array<number>(this.#length)
    for (let i = 0; i < ids.length; i++) ids[i] = this.#ids[i]!
    return ids
  }

  #reserve(more: number): void {
    const larger = new Int32Array(2 * (this.#length + more))
    larger.set(this.#ids)
    this.#ids = larger
  }
}
