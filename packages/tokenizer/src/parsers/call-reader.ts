/** How a DeepSeek model writes one call between its begin and end markers; the parser around it knows no more than this. */
import type { EventWriter } from './event-writer.ts'

export interface CallReader {
  /** All text since the begin marker, as written. */
  readonly raw: string
  /** The separator has been read: from here on only the end of the call ends it. */
  readonly begun: boolean
  /** The text ends inside a JSON string: markers there are part of the string. */
  readonly inString: boolean
  text(text: string, out: EventWriter): void
  /** Takes the separator marker. @returns false where it cannot stand */
  separator(out: EventWriter): boolean
  /** The end of the call; the last arguments are written. @returns whether it is one: named, and with JSON as arguments */
  end(out: EventWriter, reason: 'not-json' | 'truncated'): boolean
}

/** Whether text ends inside a JSON string, told as it arrives. */
export class StringState {
  inside = false
  #escaped = false

  push(unit: number): void {
    if (this.#escaped) this.#escaped = false
    else if (unit === 0x5c && this.inside) this.#escaped = true
    else if (unit === 0x22) this.inside = !this.inside
  }
}

/** Whether arguments are complete. None at all are how models write a call without arguments, once the call is ended. */
export function areArguments(text: string, reason: 'not-json' | 'truncated'): boolean {
  if (text.trim() === '') return reason !== 'truncated'
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
