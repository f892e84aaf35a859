/** A tool call of V3.1 while its text arrives: `name<｜tool▁sep｜>arguments`. */
import { areArguments, type CallReader, StringState } from '../parsers/call-reader.ts'
import type { EventWriter } from '../parsers/event-writer.ts'
import { isToolName } from './check-messages.ts'
import { MARKERS } from './markers.ts'

/**
 * Markers inside a JSON string are part of it: a model that writes a file about this format must not end its own call, nor
 * may text that it was made to quote begin another one.
 */
export class PendingCall implements CallReader {
  begun = false
  #name = ''
  #arguments = ''
  readonly #string = new StringState()

  get raw(): string {
    return this.begun ? this.#name + MARKERS.toolSep + this.#arguments : this.#name
  }

  get inString(): boolean {
    return this.#string.inside
  }

  text(text: string, out: EventWriter): void {
    if (!this.begun) {
      this.#name += text
      return
    }
    this.#arguments += text
    for (let i = 0; i < text.length; i++) this.#string.push(text.charCodeAt(i))
    out.arguments(text)
  }

  separator(out: EventWriter): boolean {
    const name = this.#name.trim()
    if (this.begun || !isToolName(name)) return false
    this.begun = true
    out.startCall(name)
    return true
  }

  end(_out: EventWriter, reason: 'not-json' | 'truncated'): boolean {
    return this.begun && areArguments(this.#arguments, reason)
  }
}
