/**
 * Reads what models with Hermes tool calls write (Qwen 2.5 and 3, Hermes 2 and 3):
 * `<think>\n...\n</think>\n\ntext\n<tool_call>\n{"name": ..., "arguments": ...}\n</tool_call>`.
 *
 * The rules are those of the DeepSeek parser. Line ends that the template writes around its markers are not content: those
 * next to `<think>`, `</think>` and before `<tool_call>`, and white space between calls and after the last one.
 */
import { isToolName } from '../chat/check-messages.ts'
import { MarkerScanner } from '../chat/marker-scanner.ts'
import type { ChatParser } from '../chat/parser.ts'
import type { ChatEvent, ChatParserOptions } from '../chat/parser-types.ts'
import type { ChatSegment } from '../chat/types.ts'
import { CallObject, parsed } from './call-object.ts'
import { EventWriter } from './event-writer.ts'

const THINK_BEGIN = '<think>'
const THINK_END = '</think>'
const CALL_BEGIN = '<tool_call>'
const CALL_END = '</tool_call>'
const TURN_ENDS: readonly string[] = ['<|im_end|>', '<|endoftext|>']

/** The control tokens that the parser knows. */
export const hermesMarkers: readonly string[] = [THINK_BEGIN, THINK_END, CALL_BEGIN, CALL_END, ...TURN_ENDS]

/** A parser for one assistant turn. `thinking`: whether the prompt ended in `<think>`; a model may also write it itself. */
export function createHermesParser(options: ChatParserOptions = {}): ChatParser {
  return new HermesParser(options)
}

class HermesParser implements ChatParser {
  readonly #scanner = new MarkerScanner(hermesMarkers)
  readonly #out: EventWriter
  #state: 'thinking' | 'text' | 'between' | 'call' | 'done'
  #atStart = true
  #thinkEndMayFollow = false
  /** Line ends that are content only if other text follows. */
  #lineEnds = ''
  #skipLineEnds: boolean
  #space = ''
  #call = new CallObject()
  /** What stands in the call behind its object. */
  #rest = ''
  #finished = false

  constructor(options: ChatParserOptions) {
    this.#out = new EventWriter(options.createId)
    this.#state = options.thinking ? 'thinking' : 'text'
    this.#skipLineEnds = options.thinking === true
  }

  push(piece: string | ChatSegment): ChatEvent[] {
    if (this.#finished) return []
    if (typeof piece === 'string') {
      for (const segment of this.#scanner.push(piece)) this.#take(segment)
    } else {
      this.#onText(this.#scanner.flush())
      this.#take(piece)
    }
    return this.#out.take()
  }

  finish(): ChatEvent[] {
    if (this.#finished) return []
    this.#onText(this.#scanner.flush())
    this.#finished = true
    if (this.#state === 'call') this.#endCall('truncated', '')
    this.#flushLineEnds()
    this.#out.message()
    return this.#out.take()
  }

  #take({ text, control }: ChatSegment): void {
    if (!control || !hermesMarkers.includes(text)) this.#onText(text)
    else if (this.#state === 'call') this.#onMarkerInCall(text)
    else if (this.#state !== 'done') this.#onMarker(text)
  }

  #onText(text: string): void {
    if (text === '' || this.#state === 'done') return
    if (this.#state === 'call') {
      this.#rest += text.slice(this.#call.push(text))
      this.#report()
    } else if (this.#state === 'between') {
      this.#space += text
      if (text.trim() === '') return
      this.#state = 'text'
      this.#onText(this.#space)
    } else {
      const content = this.#skipLineEnds ? text.replace(/^\n+/, '') : text
      if (content === '') return
      this.#skipLineEnds = false
      const trimmed = withoutLineEnds(content)
      if (trimmed !== '') {
        this.#flushLineEnds()
        this.#emit(trimmed)
      }
      this.#lineEnds += content.slice(trimmed.length)
    }
  }

  #onMarkerInCall(marker: string): void {
    const ends = marker === CALL_BEGIN || marker === CALL_END || TURN_ENDS.includes(marker)
    if (this.#call.inString || !ends) {
      this.#onText(marker)
      return
    }
    this.#endCall('not-json', marker === CALL_END ? marker : '')
    if (marker !== CALL_END) this.#onMarker(marker)
  }

  #onMarker(marker: string): void {
    if (TURN_ENDS.includes(marker)) {
      this.#flushLineEnds()
      this.#state = 'done'
    } else if (marker === CALL_BEGIN) {
      if (this.#state === 'thinking') this.#thinkEndMayFollow = true
      this.#lineEnds = ''
      this.#skipLineEnds = false
      this.#atStart = false
      this.#space = ''
      this.#state = 'call'
      this.#call = new CallObject()
      this.#rest = ''
    } else if (marker === CALL_END) {
      // A stray end.
    } else if (marker === THINK_END && this.#thinkEndHere()) {
      this.#thinkEndMayFollow = false
      this.#lineEnds = ''
      this.#skipLineEnds = true
      this.#state = 'text'
    } else if (marker === THINK_BEGIN && this.#atStart) {
      this.#lineEnds = ''
      this.#skipLineEnds = true
      this.#state = 'thinking'
    } else {
      this.#onText(marker)
    }
  }

  #thinkEndHere(): boolean {
    return this.#state === 'thinking' || this.#atStart || this.#thinkEndMayFollow
  }

  #report(): void {
    const { name } = this.#call
    if (!this.#out.inCall && isToolName(name)) this.#out.startCall(name)
    if (this.#out.inCall) this.#out.arguments(this.#call.takeArguments())
  }

  #endCall(reason: 'not-json' | 'truncated', endMarker: string): void {
    const raw = this.#call.raw + this.#rest
    this.#state = 'between'
    this.#space = ''
    const value = parsed(raw)
    if (this.#out.inCall && typeof value === 'object' && value !== null) this.#out.endCall()
    else {
      this.#out.withdrawCall(reason)
      this.#out.text(CALL_BEGIN + raw + endMarker)
    }
  }

  #flushLineEnds(): void {
    const lineEnds = this.#lineEnds
    this.#lineEnds = ''
    if (lineEnds !== '') this.#emit(lineEnds)
  }

  #emit(text: string): void {
    this.#atStart = false
    if (this.#state === 'thinking') this.#out.thinking(text)
    else this.#out.text(text)
  }
}

/** The text without the line ends at its end; a pattern would take quadratic time for them. */
function withoutLineEnds(text: string): string {
  let end = text.length
  while (end > 0 && text.charCodeAt(end - 1) === 0x0a) end--
  return text.slice(0, end)
}
