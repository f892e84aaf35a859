/**
 * Reads what a DeepSeek-V3.1 model writes after the generation prompt, as it arrives: thinking, text and tool calls.
 *
 * ```
 *  thinking --</think>--> text --calls begin--> between --call begin--> name --sep--> arguments
 *      \____________________/ \______________________________call begin___/   (call end) --> between
 * ```
 *
 * Rules for output that is not well formed: a tool call inside thinking ends the thinking; the wrapper around calls may be
 * missing; a call ends at its end marker or at the next call, the end of calls or the end of the turn; stray end markers are
 * dropped; whatever cannot be read as a call is text, with nothing lost.
 */
import type { CallReader } from '../parsers/call-reader.ts'
import { FencedCall } from '../parsers/fenced-call.ts'
import { FramedText } from '../parsers/framed-text.ts'
import { TurnParser } from '../parsers/turn-parser.ts'
import { MARKERS } from './markers.ts'
import type { ChatParser, ChatParserOptions, ParsedMessage } from './parser-types.ts'
import { PendingCall } from './pending-call.ts'

export type { ChatParser } from './parser-types.ts'

/** A parser for one assistant turn. */
export function createChatParser(options: ChatParserOptions = {}): ChatParser {
  return new DeepSeekParser(options, () => new PendingCall(), false)
}

/**
 * A parser for one assistant turn of DeepSeek V3, V3-0324 or R1, whose calls stand in a fenced block. Line ends around
 * `<think>` and `</think>`, as R1 writes them, are no content.
 */
export function createFencedChatParser(options: ChatParserOptions = {}): ChatParser {
  return new DeepSeekParser(options, () => new FencedCall(), true)
}

/** Parses a whole output at once. `thinking` says whether the prompt ended in `<think>`. */
export function parseChat(output: string, options: ChatParserOptions = {}): ParsedMessage {
  const parser = createChatParser(options)
  const events = [...parser.push(output), ...parser.finish()]
  const last = events.at(-1)
  return last?.type === 'message'
    ? last.message
    : { role: 'assistant', content: '', thinking: '', toolCalls: [] }
}

type State = 'thinking' | 'text' | 'between' | 'call' | 'done'

class DeepSeekParser extends TurnParser {
  readonly #createCall: () => CallReader
  readonly #framed: boolean
  readonly #frame: FramedText
  #state: State
  /** Nothing of the current thinking or text has arrived: a repeated opening marker is dropped here. */
  #atStart = true
  #thinkEndMayFollow = false
  #call: CallReader
  #space = ''

  constructor(options: ChatParserOptions, createCall: () => CallReader, framed: boolean) {
    super(Object.values(MARKERS), options)
    this.#createCall = createCall
    this.#call = createCall()
    this.#state = options.thinking ? 'thinking' : 'text'
    this.#framed = framed
    this.#frame = new FramedText(framed && options.thinking === true)
  }

  protected override onEnd(): void {
    this.#flushFrame()
    if (this.#state === 'call') this.#endCall('truncated', '')
  }

  protected override onText(text: string): void {
    if (this.#state === 'thinking' || this.#state === 'text') this.#emit(text)
    else if (this.#state === 'call') this.#call.text(text, this.out)
    else if (this.#state === 'between') {
      // White space between calls means nothing, anything else is text after them.
      this.#space += text
      if (text.trim() !== '') {
        this.#state = 'text'
        this.#emit(this.#space)
      }
    }
  }

  protected override onMarker(marker: string): void {
    if (this.#state === 'call') this.#onMarkerInCall(marker)
    else if (this.#state !== 'done') this.#onMarkerOutside(marker)
  }

  #onMarkerInCall(marker: string): void {
    if (marker === MARKERS.toolSep && this.#call.separator(this.out)) return
    if (!this.#call.begun) {
      this.#state = 'text'
      this.#emit(MARKERS.toolCallBegin + this.#call.raw)
      this.#onMarkerOutside(marker)
      return
    }
    const ends = marker === MARKERS.toolCallEnd
    const endsToo =
      marker === MARKERS.toolCallBegin || marker === MARKERS.toolCallsEnd || marker === MARKERS.endOfSentence
    if (this.#call.inString || !(ends || endsToo)) {
      this.#call.text(marker, this.out)
      return
    }
    this.#endCall('not-json', ends ? marker : '')
    if (endsToo) this.#onMarkerOutside(marker)
  }

  #onMarkerOutside(marker: string): void {
    if (marker === MARKERS.endOfSentence) {
      this.#flushFrame()
      this.#state = 'done'
    } else if (marker === MARKERS.toolCallsBegin || marker === MARKERS.toolCallBegin) {
      if (this.#state === 'thinking') {
        this.#thinkEndMayFollow = true
        this.#frame.frame(false)
      }
      this.#state = marker === MARKERS.toolCallBegin ? 'call' : 'between'
      this.#atStart = false
      this.#space = ''
      this.#call = this.#createCall()
    } else if (marker === MARKERS.toolCallEnd || marker === MARKERS.toolCallsEnd) {
      if (marker === MARKERS.toolCallsEnd && this.#state === 'between') this.#state = 'text'
    } else if (this.#state === 'thinking') {
      if (marker === MARKERS.thinkEnd) this.#toState('text')
      else if (!(marker === MARKERS.thinkBegin && this.#atStart)) this.#emit(marker)
    } else if (marker === MARKERS.thinkBegin && this.#atStart) {
      this.#toState('thinking')
    } else if (marker === MARKERS.thinkEnd && (this.#atStart || this.#thinkEndMayFollow)) {
      this.#thinkEndMayFollow = false
      this.#frame.frame(this.#framed)
    } else {
      this.onText(marker)
    }
  }

  #toState(state: 'thinking' | 'text'): void {
    this.#frame.frame(this.#framed)
    this.#state = state
  }

  #endCall(reason: 'not-json' | 'truncated', endMarker: string): void {
    const isCall = this.#call.end(this.out, reason)
    this.#state = 'between'
    this.#space = ''
    if (isCall) this.out.endCall()
    else {
      this.out.withdrawCall(reason)
      this.out.text(MARKERS.toolCallBegin + this.#call.raw + endMarker)
    }
  }

  #emit(text: string): void {
    if (this.#state !== 'thinking') {
      const content = this.#frame.skip ? text.replace(/^\n+/, '') : text
      if (content === '') return
      this.#frame.skip = false
      this.#atStart = false
      this.out.text(content)
    } else if (this.#framed) {
      const content = this.#frame.take(text)
      if (content !== '') this.#atStart = false
      this.out.thinking(content)
    } else {
      this.#atStart = false
      this.out.thinking(text)
    }
  }

  #flushFrame(): void {
    this.out.thinking(this.#frame.flush())
  }
}
