/** A map from pairs of ids to numbers: open addressing in flat arrays, several times faster here than a Map with joined keys. */
export class PairMap {
  readonly #mask: number
  readonly #left: Int32Array
  readonly #right: Int32Array
  readonly #values: Int32Array

  /** @param capacity how many pairs will be set at most; the table is at most half full */
  constructor(capacity: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(2 * capacity, 2)))
    this.#mask = slots - 1
    this.#left = new Int32Array(slots).fill(-1)
    this.#right = new Int32Array(slots)
    this.#values = new Int32Array(slots)
  }

  /** Ids must be 0 or more; a later value replaces an earlier one. */
  set(left: number, right: number, value: number): void {
    const slot = this.#slot(left, right)
    this.#left[slot] = left
    this.#right[slot] = right
    this.#values[slot] = value
  }

  /** The value of a pair, -1 if it has none. */
  get(left: number, right: number): number {
    const slot = this.#slot(left, right)
    return this.#left[slot] === -1 ? -1 : this.#values[slot]!
  }

  /** The slot that holds the pair, or the empty one where it belongs. */
  #slot(left: number, right: number): number {
    let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    let slot = (hash ^ (hash >>> 13)) & this.#mask
    while (this.#left[slot] !== -1 && (this.#left[slot] !== left || this.#right[slot] !== right)) {
      slot = (slot + 1) & this.#mask
    }
    return slot
  }
}
