/**
 * A vocabulary in a few flat arrays: all tokens in one string, and a hash table over their places. Made several times faster
 * than a Map of as many strings, and the join of two texts can be looked up without being made.
 */
export class TokenTable implements ReadonlyMap<string, number> {
  readonly size: number
  /** One more than the largest id. */
  readonly idLimit: number
  /** All tokens, one after the other. */
  readonly text: string
  /** Token i is `text.slice(starts[i], starts[i + 1])`; one entry more than tokens. */
  readonly starts: Uint32Array
  /** The id of token i, in rising order. */
  readonly ids: Uint32Array
  readonly #mask: number
  /** One more than the number of a token, 0 in an empty slot. At most half are taken. */
  readonly #slots: Uint32Array
  /** Another for every table, so that no file can bring all its tokens into one slot. */
  readonly #seed: number

  /** `ids` must rise. */
  constructor(text: string, starts: Uint32Array, ids: Uint32Array) {
    this.size = ids.length
    this.idLimit = ids.length === 0 ? 0 : ids[ids.length - 1]! + 1
    this.text = text
    this.starts = starts
    this.ids = ids
    this.#seed = Math.floor(Math.random() * 2 ** 32) | 0
    const slots = 2 ** Math.ceil(Math.log2(Math.max(2 * this.size, 2)))
    this.#mask = slots - 1
    this.#slots = new Uint32Array(slots)
    for (let token = 0; token < this.size; token++) {
      let slot = this.#slotOf(this.#hash(this.#seed, text, starts[token]!, starts[token + 1]!))
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask
      this.#slots[slot] = token + 1
    }
  }

  /** The id of the token `text.slice(from, to)`, followed by `text.slice(from2, to2)`; -1 if it is none. */
  find(text: string, from: number, to: number, from2 = 0, to2 = 0): number {
    const hash = this.#hash(this.#hash(this.#seed, text, from, to), text, from2, to2)
    const length = to - from + to2 - from2
    for (let slot = this.#slotOf(hash); this.#slots[slot] !== 0; slot = (slot + 1) & this.#mask) {
      const token = this.#slots[slot]! - 1
      const start = this.starts[token]!
      if (this.starts[token + 1]! - start !== length) continue
      if (this.#equal(start, text, from, to) && this.#equal(start + to - from, text, from2, to2))
        return this.ids[token]!
    }
    return -1
  }

  #hash(begin: number, text: string, from: number, to: number): number {
    let hash = begin
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
    return hash
  }

  #slotOf(hash: number): number {
    const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    return (mixed ^ (mixed >>> 13)) & this.#mask
  }

  #equal(start: number, text: string, from: number, to: number): boolean {
    for (let at = from; at < to; at++) {
      if (this.text.charCodeAt(start + at - from) !== text.charCodeAt(at)) return false
    }
    return true
  }

  get(token: string): number | undefined {
    const id = this.find(token, 0, token.length)
    return id < 0 ? undefined : id
  }

  has(token: string): boolean {
    return this.get(token) !== undefined
  }

  *keys(): MapIterator<string> {
    for (const [token] of this) yield token
  }

  values(): ArrayIterator<number> {
    return this.ids.values()
  }

  *entries(): MapIterator<[string, number]> {
    for (let i = 0; i < this.size; i++) {
      yield [this.text.slice(this.starts[i], this.starts[i + 1]), this.ids[i]!]
    }
  }

  [Symbol.iterator](): MapIterator<[string, number]> {
    return this.entries()
  }

  /** The token of an id. */
  tokenOf(id: number): string | undefined {
    const token = this.#indexOf(id)
    return token < 0 ? undefined : this.text.slice(this.starts[token], this.starts[token + 1])
  }

  hasId(id: number): boolean {
    return this.#indexOf(id) >= 0
  }

  /** Number of the token with an id; -1 if there is none. Mostly ids have no gaps, and it is the id. */
  #indexOf(id: number): number {
    if (this.ids[id] === id) return id
    let [low, high] = [0, this.size - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.ids[middle]! < id) low = middle + 1
      else high = middle
    }
    return this.ids[low] === id ? low : -1
  }

  forEach(visit: (id: number, token: string, table: ReadonlyMap<string, number>) => void): void {
    for (const [token, id] of this) visit(id, token, this)
  }
}
