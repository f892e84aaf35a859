/** Finds any of many texts in a text, leftmost first and of those the longest, in one walk. */

interface Node<T> {
  readonly children: Map<number, Node<T>>
  value: T | undefined
}

export class TokenTrie<T> {
  readonly #root: Node<T> = { children: new Map(), value: undefined }

  constructor(entries: readonly (readonly [text: string, value: T])[]) {
    for (const [text, value] of entries) {
      let node = this.#root
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i)
        let child = node.children.get(unit)
        if (child === undefined) {
          child = { children: new Map(), value: undefined }
          node.children.set(unit, child)
        }
        node = child
      }
      if (text !== '') node.value = value
    }
  }

  /** Matches that do not overlap, in order. */
  *matches(text: string): Generator<{ start: number; end: number; value: T }> {
    if (this.#root.children.size === 0) return
    let start = 0
    while (start < text.length) {
      const match = this.#longestAt(text, start)
      if (match === undefined) {
        start++
      } else {
        yield { start, ...match }
        start = match.end
      }
    }
  }

  #longestAt(text: string, start: number): { end: number; value: T } | undefined {
    let longest: { end: number; value: T } | undefined
    let node = this.#root.children.get(text.charCodeAt(start))
    for (let end = start + 1; node !== undefined; end++) {
      if (node.value !== undefined) longest = { end, value: node.value }
      node = end < text.length ? node.children.get(text.charCodeAt(end)) : undefined
    }
    return longest
  }
}
