/** A tool call while its text arrives: name, arguments, and whether the arguments stand inside a JSON string. */
import { MARKERS } from './markers.ts'
import type { ToolCall } from './types.ts'

export class PendingCall {
  /** Everything between the begin marker and the separator, as written. */
  rawName = ''
  id = ''
  index = -1
  #arguments = ''
  #inString = false
  #escaped = false

  get name(): string {
    return this.rawName.trim()
  }

  get arguments(): string {
    return this.#arguments
  }

  /**
   * Whether the arguments end inside a JSON string. Markers there are part of the string: a model that writes a file about
   * this format must not end its own call, nor may text that it was made to quote begin another one.
   */
  get inString(): boolean {
    return this.#inString
  }

  append(text: string): void {
    this.#arguments += text
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (this.#escaped) this.#escaped = false
      else if (unit === 0x5c && this.#inString) this.#escaped = true
      else if (unit === 0x22) this.#inString = !this.#inString
    }
  }

  /** Whether the arguments are JSON text. */
  isComplete(): boolean {
    if (this.#inString) return false
    try {
      JSON.parse(this.#arguments)
      return true
    } catch {
      return false
    }
  }

  toToolCall(): ToolCall {
    return { id: this.id, name: this.name, arguments: this.#arguments }
  }

  /** The call as the model wrote it, up to and without its end marker. */
  rawText(): string {
    const started = this.index < 0 ? '' : MARKERS.toolSep + this.#arguments
    return MARKERS.toolCallBegin + this.rawName + started
  }
}
