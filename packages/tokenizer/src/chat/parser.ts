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
import { randomId } from '../parsers/event-writer.ts'
import { isToolName } from './check-messages.ts'
import { isMarker, MarkerScanner } from './marker-scanner.ts'
import { MARKERS, type Marker } from './markers.ts'
import type { ChatEvent, ChatParserOptions, ParsedMessage } from './parser-types.ts'
import { PendingCall } from './pending-call.ts'
import type { ChatSegment, ToolCall } from './types.ts'

export interface ChatParser {
  /**
   * Takes the next piece of output, cut anywhere. In a string every marker counts. A segment says itself whether it is a
   * control token: pass segments where token ids are known, so that a model that merely spells a marker out cannot be read
   * as having made a call. Pieces after the end of the turn are ignored.
   */
  push(piece: string | ChatSegment): ChatEvent[]
  /** Ends the output. The last event is `message`; a second `finish` gives nothing. */
  finish(): ChatEvent[]
}

/** A parser for one assistant turn. */
export function createChatParser(options: ChatParserOptions = {}): ChatParser {
  return new DeepSeekParser(options)
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

type State = 'thinking' | 'text' | 'between' | 'name' | 'arguments' | 'done'

class DeepSeekParser implements ChatParser {
  readonly #scanner = new MarkerScanner()
  readonly #createId: (index: number) => string
  #state: State
  /** Nothing of the current thinking or text has arrived: a repeated opening marker is dropped here. */
  #atStart = true
  #thinkEndMayFollow = false
  #call = new PendingCall()
  #nextIndex = 0
  #space = ''
  #finished = false
  #content = ''
  #thinking = ''
  readonly #toolCalls: ToolCall[] = []
  #events: ChatEvent[] = []

  constructor(options: ChatParserOptions) {
    this.#createId = options.createId ?? randomId
    this.#state = options.thinking ? 'thinking' : 'text'
  }

  push(piece: string | ChatSegment): ChatEvent[] {
    if (this.#finished) return []
    if (typeof piece === 'string') {
      for (const segment of this.#scanner.push(piece)) this.#take(segment)
    } else {
      this.#onText(this.#scanner.flush())
      this.#take(piece)
    }
    return this.#takeEvents()
  }

  finish(): ChatEvent[] {
    if (this.#finished) return []
    this.#onText(this.#scanner.flush())
    if (this.#state === 'name') this.#emitText(this.#call.rawText())
    if (this.#state === 'arguments') this.#endCall('truncated', '')
    this.#finished = true
    const message: ParsedMessage = {
      role: 'assistant',
      content: this.#content,
      thinking: this.#thinking,
      toolCalls: this.#toolCalls,
    }
    this.#events.push({ type: 'message', message })
    return this.#takeEvents()
  }

  #takeEvents(): ChatEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }

  #take(segment: ChatSegment): void {
    if (segment.control && isMarker(segment.text)) this.#onMarker(segment.text)
    else this.#onText(segment.text)
  }

  #onText(text: string): void {
    if (text === '') return
    if (this.#state === 'thinking') this.#emitThinking(text)
    else if (this.#state === 'text') this.#emitText(text)
    else if (this.#state === 'name') this.#call.rawName += text
    else if (this.#state === 'arguments') this.#appendArguments(text)
    else if (this.#state === 'between') {
      // White space between calls means nothing, anything else is text after them.
      this.#space += text
      if (text.trim() !== '') {
        this.#state = 'text'
        this.#emitText(this.#space)
      }
    }
  }

  #onMarker(marker: Marker): void {
    if (this.#state === 'name') this.#onMarkerInName(marker)
    else if (this.#state === 'arguments') this.#onMarkerInArguments(marker)
    else if (this.#state !== 'done') this.#onMarkerOutside(marker)
  }

  #onMarkerInName(marker: Marker): void {
    if (marker === MARKERS.toolSep && isToolName(this.#call.name)) {
      this.#call.index = this.#nextIndex++
      this.#call.id = this.#createId(this.#call.index)
      const { index, id, name } = this.#call
      this.#events.push({ type: 'tool-call-start', index, id, name })
      this.#state = 'arguments'
      return
    }
    this.#state = 'text'
    this.#emitText(this.#call.rawText())
    this.#onMarkerOutside(marker)
  }

  #onMarkerInArguments(marker: Marker): void {
    const ends = marker === MARKERS.toolCallEnd
    const endsToo =
      marker === MARKERS.toolCallBegin || marker === MARKERS.toolCallsEnd || marker === MARKERS.endOfSentence
    if (this.#call.inString || !(ends || endsToo)) {
      this.#appendArguments(marker)
      return
    }
    this.#endCall('not-json', ends ? marker : '')
    if (endsToo) this.#onMarkerOutside(marker)
  }

  #onMarkerOutside(marker: Marker): void {
    if (marker === MARKERS.endOfSentence) {
      this.#state = 'done'
    } else if (marker === MARKERS.toolCallsBegin || marker === MARKERS.toolCallBegin) {
      if (this.#state === 'thinking') this.#thinkEndMayFollow = true
      this.#state = marker === MARKERS.toolCallBegin ? 'name' : 'between'
      this.#atStart = false
      this.#space = ''
      this.#call = new PendingCall()
    } else if (marker === MARKERS.toolCallEnd || marker === MARKERS.toolCallsEnd) {
      if (marker === MARKERS.toolCallsEnd && this.#state === 'between') this.#state = 'text'
    } else if (this.#state === 'thinking') {
      if (marker === MARKERS.thinkEnd) this.#state = 'text'
      else if (!(marker === MARKERS.thinkBegin && this.#atStart)) this.#emitThinking(marker)
    } else if (marker === MARKERS.thinkBegin && this.#atStart) {
      this.#state = 'thinking'
    } else if (marker === MARKERS.thinkEnd && (this.#atStart || this.#thinkEndMayFollow)) {
      this.#thinkEndMayFollow = false
    } else {
      this.#onText(marker)
    }
  }

  #appendArguments(text: string): void {
    this.#call.append(text)
    this.#events.push({ type: 'tool-call-arguments-delta', index: this.#call.index, text })
  }

  #endCall(reason: 'not-json' | 'truncated', endMarker: '' | Marker): void {
    // Nothing at all is how models write a call without arguments; callers expect an object.
    if (reason === 'not-json' && this.#call.arguments.trim() === '') this.#appendArguments('{}')
    const call = this.#call.toToolCall()
    const { index } = this.#call
    this.#state = 'between'
    this.#space = ''
    if (this.#call.isComplete()) {
      this.#toolCalls.push(call)
      this.#events.push({ type: 'tool-call', index, ...call })
    } else {
      this.#events.push({ type: 'tool-call-invalid', index, reason, ...call })
      this.#emitText(this.#call.rawText() + endMarker)
    }
  }

  #emitText(text: string): void {
    this.#atStart = false
    this.#content += text
    this.#events.push({ type: 'text-delta', text })
  }

  #emitThinking(text: string): void {
    this.#atStart = false
    this.#thinking += text
    this.#events.push({ type: 'thinking-delta', text })
  }
}
