/** All tokens that a text begins with, at any place: a tree of UTF-16 units in flat arrays. */
import { PairMap } from './pair-map.ts'

export class VocabularyTrie {
  readonly #children: PairMap
  readonly #values: Int32Array

  /** Values must be 0 or more. */
  constructor(entries: Iterable<readonly [text: string, value: number]>) {
    const list = [...entries]
    const units = list.reduce((sum, [text]) => sum + text.length, 0)
    this.#children = new PairMap(units)
    this.#values = new Int32Array(units + 1).fill(-1)
    let nodes = 1
    for (const [text, value] of list) {
      let node = 0
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i)
        let child = this.#children.get(node, unit)
        if (child < 0) {
          child = nodes++
          this.#children.set(node, unit, child)
        }
        node = child
      }
      this.#values[node] = value
    }
  }

  /** The node that a unit leads to, -1 if no token continues so; the root is 0. */
  step(node: number, unit: number): number {
    return this.#children.get(node, unit)
  }

  /** The value of the token that ends in a node, -1 if none does. */
  value(node: number): number {
    return this.#values[node]!
  }
}
