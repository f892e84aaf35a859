/** Collects one answer from the parser's events, with its text cut at stop strings. */

import { createStopFilter, type StopFilter } from '@octoscale/model'
import type { ChatEvent as ParserEvent, ToolCall } from '@octoscale/tokenizer'

type AnswerEvent = Exclude<ParserEvent, { type: 'message' }>

export class Answer {
  content = ''
  thinking = ''
  /** A stop string was met: nothing more counts. */
  stopped = false
  readonly toolCalls: ToolCall[] = []
  readonly #filter: StopFilter

  constructor(stops: readonly string[]) {
    this.#filter = createStopFilter(stops)
  }

  /** The events to pass on: text only as far as it cannot begin a stop string. */
  take(events: readonly ParserEvent[]): AnswerEvent[] {
    const out: AnswerEvent[] = []
    for (const event of events) {
      if (this.stopped) break
      if (event.type === 'message') continue
      if (event.type === 'text-delta') {
        const { text, stop } = this.#filter.push(event.text)
        this.stopped = stop !== undefined
        out.push(...this.#text(text))
        continue
      }
      if (event.type === 'thinking-delta') this.thinking += event.text
      // Nothing else can belong to a stop string, so what was held back comes first.
      else out.push(...this.finish())
      if (event.type === 'tool-call') {
        this.toolCalls.push({ id: event.id, name: event.name, arguments: event.arguments })
      }
      out.push(event)
    }
    return out
  }

  /** Text that was held back, once no more comes. */
  finish(): AnswerEvent[] {
    return this.#text(this.#filter.finish())
  }

  #text(text: string): AnswerEvent[] {
    if (text === '') return []
    this.content += text
    return [{ type: 'text-delta', text }]
  }
}
