/**
 * A tool call of DeepSeek V3, V3-0324 and R1 while its text arrives:
 *
 *     function<｜tool▁sep｜>NAME
 *     ```json
 *     ARGUMENTS
 *     ```
 *
 * The fence may be missing. White space and the closing fence behind the arguments are no part of them, so the line ends and
 * backticks at the end of what has arrived are held.
 */
import { isToolName } from '../chat/check-messages.ts'
import { MARKERS } from '../chat/markers.ts'
import { areArguments, type CallReader, StringState } from './call-reader.ts'
import type { EventWriter } from './event-writer.ts'

type Stage = 'type' | 'name' | 'unnamed' | 'before' | 'fence' | 'behind' | 'arguments'

export class FencedCall implements CallReader {
  raw = ''
  #stage: Stage = 'type'
  #line = ''
  #ticks = 0
  #arguments = ''
  #held = ''
  readonly #string = new StringState()

  get begun(): boolean {
    return this.#stage !== 'type'
  }

  get inString(): boolean {
    return this.#string.inside
  }

  text(text: string, out: EventWriter): void {
    this.raw += text
    let delta = ''
    for (let i = 0; i < text.length; i++) {
      const unit = text[i] ?? ''
      if (this.#stage === 'arguments') delta += this.#argument(unit)
      else delta += this.#step(unit, out)
    }
    out.arguments(delta)
  }

  separator(): boolean {
    if (this.#stage !== 'type' || this.#line.trim() !== 'function') return false
    this.raw += MARKERS.toolSep
    this.#stage = 'name'
    this.#line = ''
    return true
  }

  end(out: EventWriter, reason: 'not-json' | 'truncated'): boolean {
    if (!['', '```'].includes(this.#held.trim())) {
      this.#arguments += this.#held
      out.arguments(this.#held)
    }
    return out.inCall && areArguments(this.#arguments, reason)
  }

  /** One character before the arguments. @returns what of it belongs to them */
  #step(unit: string, out: EventWriter): string {
    const isSpace = /\s/.test(unit)
    if (this.#stage === 'type') this.#line += unit
    else if (this.#stage === 'name') this.#nameStep(unit, out)
    else if (this.#stage === 'before' || this.#stage === 'behind') {
      if (isSpace) return ''
      if (unit !== '`' || this.#stage === 'behind') return this.#begin(unit)
      this.#ticks = 1
      this.#stage = 'fence'
    } else if (this.#stage === 'fence') {
      if (this.#ticks < 3) {
        if (unit !== '`') return this.#begin('`'.repeat(this.#ticks) + unit)
        this.#ticks++
      } else if (isSpace) this.#stage = 'behind'
      else if (!/[a-z]/i.test(unit)) return this.#begin(unit)
    }
    return ''
  }

  #nameStep(unit: string, out: EventWriter): void {
    if (unit !== '\n') {
      this.#line += unit
      return
    }
    const name = this.#line.trim()
    this.#stage = isToolName(name) ? 'before' : 'unnamed'
    if (this.#stage === 'before') out.startCall(name)
  }

  #begin(text: string): string {
    this.#stage = 'arguments'
    return Array.from(text, (unit) => this.#argument(unit)).join('')
  }

  /** One character of the arguments or of what closes them. @returns what is known to belong to them */
  #argument(unit: string): string {
    if (!this.#string.inside && mayClose(unit)) {
      this.#held += unit
      return ''
    }
    this.#string.push(unit.charCodeAt(0))
    const known = this.#held + unit
    this.#held = ''
    this.#arguments += known
    return known
  }
}

/** White space and backticks. */
function mayClose(unit: string): boolean {
  const code = unit.charCodeAt(0)
  return code === 0x20 || code === 0x60 || (code >= 9 && code <= 13) || (code > 0x7f && /\s/.test(unit))
}
