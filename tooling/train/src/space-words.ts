import { poolWords } from './pools/pools.ts'
import type { Conversation } from './types.ts'

const LIMIT = 190

/** Counts lower-case words that follow a space, and what may be copied into a string: such words stay unmerged. */
export class SpaceWordCounter {
  readonly #counts = new Map<string, number>()
  readonly #copied = new Map<string, number>()

  add(conversation: Conversation): void {
    for (const message of conversation.messages) {
      this.#count(message.content)
      if (message.role !== 'assistant') continue
      if (message.thought) this.#count(message.thought)
      for (const call of message.calls ?? []) {
        for (const value of Object.values(JSON.parse(call.arguments) as Record<string, unknown>)) {
          if (typeof value === 'string') this.#exclude(value)
        }
      }
    }
    for (const tool of conversation.tools ?? []) this.#count(` ${tool.description}`)
  }

  #count(text: string): void {
    for (const match of text.matchAll(/ ([a-z]{2,})(?![A-Za-z0-9_@./-])/g))
      this.#bump(this.#counts, match[1] as string)
  }

  /** Only a string's first word has no space before it inside its quotes. */
  #exclude(value: string): void {
    const word = /^[a-z]{2,}(?![A-Za-z0-9_@./-])/.exec(value)?.[0]
    if (word) this.#bump(this.#copied, word)
  }

  #bump(map: Map<string, number>, word: string): void {
    map.set(word, (map.get(word) ?? 0) + 1)
  }

  words(): string[] {
    return [...this.#counts]
      .filter(([word, count]) => !poolWords.has(word) && (this.#copied.get(word) ?? 0) * 500 < count)
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, LIMIT)
      .map(([word]) => word)
  }
}
