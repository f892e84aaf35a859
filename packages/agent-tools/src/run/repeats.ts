/** Finds a model that goes round in circles: the same call, again and again with the same result. */
import type { ToolCall } from '../types.ts'

const tolerated = 2

export class Repeats {
  readonly #last = new Map<string, { content: string; times: number }>()

  /** A note to the model if this call gave this same result more than twice in a row; otherwise nothing. */
  note(call: ToolCall, content: string): string {
    const key = JSON.stringify([call.name, call.arguments])
    const last = this.#last.get(key)
    const times = last?.content === content ? last.times + 1 : 1
    this.#last.set(key, { content, times })
    if (times <= tolerated) return ''
    return `\n[This same call has given this same result ${times} times. Use it, or do something else.]`
  }
}
