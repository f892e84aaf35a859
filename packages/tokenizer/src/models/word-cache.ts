/**
 * The ids of words that came before: a hash table over words in UTF-16 units, in flat arrays, so that a lookup makes neither
 * a string nor an object. It forgets when it is full; a word that finds no place near its own takes that of another.
 */

/** Words of more units are not kept. */
export const LONGEST_WORD = 48

/** A word is at most so many places from its own: no text can make lookups slow. */
const PROBES = 8
/** Numbers of one entry: hash, end of its units (0: empty), number of units, start of its ids, number of ids. */
const ENTRY = 5
const FIRST_SLOTS = 1 << 10
const MOST_SLOTS = 1 << 16

export class WordCache {
  #entries: Int32Array = new Int32Array(ENTRY * FIRST_SLOTS)
  #mask: number = FIRST_SLOTS - 1
  #count = 0
  #units: Uint16Array = new Uint16Array(FIRST_SLOTS * 4)
  #unitsEnd = 0
  /** The ids of all words, one word after the other; `start` and `end` point into it. */
  ids: Int32Array = new Int32Array(FIRST_SLOTS * 2)
  #idsEnd = 0
  start = 0
  end = 0
  /** Another for every cache, so that nobody knows which words meet. */
  readonly #seed: number = (Math.random() * 2 ** 32) | 0

  /** For `find` and `add`. */
  hash(units: Uint16Array, from: number, to: number): number {
    let hash = this.#seed
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ units[at]!, 0x01000193)
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    return hash ^ (hash >>> 13)
  }

  /** Looks for `units[from]` to `units[to - 1]`. @returns whether it is known; its ids are then `ids[start]` to `ids[end - 1]` */
  find(hash: number, units: Uint16Array, from: number, to: number): boolean {
    const entries = this.#entries
    const length = to - from
    for (let probe = 0; probe < PROBES; probe++) {
      const at = ((hash + probe) & this.#mask) * ENTRY
      const end = entries[at + 1]!
      if (end === 0) return false
      if (entries[at] !== hash || entries[at + 2] !== length) continue
      const known = this.#units
      let a = end - length
      let b = from
      while (b < to && known[a] === units[b]) {
        a++
        b++
      }
      if (b < to) continue
      this.start = entries[at + 3]!
      this.end = this.start + entries[at + 4]!
      return true
    }
    return false
  }

  /** Remembers the first `count` of `ids` for a word that is not known, of 1 to LONGEST_WORD units. */
  add(hash: number, units: Uint16Array, from: number, to: number, ids: Int32Array, count: number): void {
    const length = to - from
    this.#makeRoom(length, count)
    for (let i = from; i < to; i++) this.#units[this.#unitsEnd++] = units[i]!
    for (let i = 0; i < count; i++) this.ids[this.#idsEnd++] = ids[i]!
    this.#place(hash, this.#unitsEnd, length, this.#idsEnd - count, count)
    this.#count++
  }

  #place(hash: number, unitsEnd: number, length: number, idsStart: number, count: number): void {
    const entries = this.#entries
    let slot = hash & this.#mask
    for (let probe = 0; probe < PROBES; probe++) {
      const next = (hash + probe) & this.#mask
      if (entries[next * ENTRY + 1] !== 0) continue
      slot = next
      break
    }
    const at = slot * ENTRY
    entries[at] = hash
    entries[at + 1] = unitsEnd
    entries[at + 2] = length
    entries[at + 3] = idsStart
    entries[at + 4] = count
  }

  #makeRoom(units: number, ids: number): void {
    const slots = this.#mask + 1
    if (2 * this.#count >= slots) {
      if (slots >= MOST_SLOTS) this.#clear()
      else this.#grow(2 * slots)
    }
    if (this.#unitsEnd + units > this.#units.length) {
      const larger = new Uint16Array(2 * this.#units.length)
      larger.set(this.#units)
      this.#units = larger
    }
    if (this.#idsEnd + ids > this.ids.length) {
      const larger = new Int32Array(2 * this.ids.length)
      larger.set(this.ids)
      this.ids = larger
    }
  }

  #clear(): void {
    this.#entries.fill(0)
    this.#count = 0
    this.#unitsEnd = 0
    this.#idsEnd = 0
  }

  #grow(slots: number): void {
    const old = this.#entries
    this.#entries = new Int32Array(ENTRY * slots)
    this.#mask = slots - 1
    for (let at = 0; at < old.length; at += ENTRY) {
      if (old[at + 1] !== 0) this.#place(old[at]!, old[at + 1]!, old[at + 2]!, old[at + 3]!, old[at + 4]!)
    }
  }
}
