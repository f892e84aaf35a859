/** A binary min-heap of numbers. */
export class NumberHeap {
  readonly #items: number[] = []

  push(value: number): void {
    const items = this.#items
    let at = items.length
    items.push(value)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (items[parent]! <= value) break
      items[at] = items[parent]!
      at = parent
    }
    items[at] = value
  }

  /** Removes and returns the smallest number; undefined when empty. */
  pop(): number | undefined {
    const items = this.#items
    const top = items[0]
    const last = items.pop()
    const length = items.length
    if (last === undefined || length === 0) return top
    let at = 0
    for (let child = 1; child < length; child = 2 * at + 1) {
      if (child + 1 < length && items[child + 1]! < items[child]!) child++
      if (items[child]! >= last) break
      items[at] = items[child]!
      at = child
    }
    items[at] = last
    return top
  }
}
