/**
 * Reads what models with Hermes tool calls write (Qwen 2.5 and 3, Hermes 2 and 3):
 * `<think>\n...\n</think>\n\ntext\n<tool_call>\n{"name": ..., "arguments": ...}\n</tool_call>`.
 *
 * The rules are those of the DeepSeek parser. Line ends that the template writes around its markers are not content: those
 * next to `<think>`, `</think>` and before `<tool_call>`, and white space between calls and after the last one.
 */
import { isToolName } from '../chat/check-messages.ts'
import type { ChatParser, ChatParserOptions } from '../chat/parser-types.ts'
import { CallObject, parsed } from './call-object.ts'
import { FramedText } from './framed-text.ts'
import { TurnParser } from './turn-parser.ts'

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

class HermesParser extends TurnParser {
  #state: 'thinking' | 'text' | 'between' | 'call' | 'done'
  #atStart = true
  #thinkEndMayFollow = false
  readonly #frame: FramedText
  #space = ''
  #call = new CallObject()
  /** What stands in the call behind its object. */
  #rest = ''

  constructor(options: ChatParserOptions) {
    super(hermesMarkers, options)
    this.#state = options.thinking ? 'thinking' : 'text'
    this.#frame = new FramedText(options.thinking === true)
  }

  protected override onEnd(): void {
    if (this.#state === 'call') this.#endCall('truncated', '')
    this.#emit(this.#frame.flush())
  }

  protected override onMarker(marker: string): void {
    if (this.#state === 'call') this.#onMarkerInCall(marker)
    else if (this.#state !== 'done') this.#onMarkerOutside(marker)
  }

  protected override onText(text: string): void {
    if (this.#state === 'done') return
    if (this.#state === 'call') {
      this.#rest += text.slice(this.#call.push(text))
      this.#report()
    } else if (this.#state === 'between') {
      this.#space += text
      if (text.trim() === '') return
      this.#state = 'text'
      this.onText(this.#space)
    } else {
      this.#emit(this.#frame.take(text))
    }
  }

  #onMarkerInCall(marker: string): void {
    const ends = marker === CALL_BEGIN || marker === CALL_END || TURN_ENDS.includes(marker)
    if (this.#call.inString || !ends) {
      this.onText(marker)
      return
    }
    this.#endCall('not-json', marker === CALL_END ? marker : '')
    if (marker !== CALL_END) this.#onMarkerOutside(marker)
  }

  #onMarkerOutside(marker: string): void {
    if (TURN_ENDS.includes(marker)) {
      this.#emit(this.#frame.flush())
      this.#state = 'done'
    } else if (marker === CALL_BEGIN) {
      if (this.#state === 'thinking') this.#thinkEndMayFollow = true
      this.#frame.frame(false)
      this.#atStart = false
      this.#space = ''
      this.#state = 'call'
      this.#call = new CallObject()
      this.#rest = ''
    } else if (marker === CALL_END) {
      // A stray end.
    } else if (marker === THINK_END && this.#thinkEndHere()) {
      this.#thinkEndMayFollow = false
      this.#frame.frame(true)
      this.#state = 'text'
    } else if (marker === THINK_BEGIN && this.#atStart) {
      this.#frame.frame(true)
      this.#state = 'thinking'
    } else {
      this.onText(marker)
    }
  }

  #thinkEndHere(): boolean {
    return this.#state === 'thinking' || this.#atStart || this.#thinkEndMayFollow
  }

  #report(): void {
    const { name } = this.#call
    if (!this.out.inCall && isToolName(name)) this.out.startCall(name)
    if (this.out.inCall) this.out.arguments(this.#call.takeArguments())
  }

  #endCall(reason: 'not-json' | 'truncated', endMarker: string): void {
    const raw = this.#call.raw + this.#rest
    this.#state = 'between'
    this.#space = ''
    const value = parsed(raw)
    if (this.out.inCall && typeof value === 'object' && value !== null) this.out.endCall()
    else {
      this.out.withdrawCall(reason)
      this.out.text(CALL_BEGIN + raw + endMarker)
    }
  }

  #emit(text: string): void {
    if (text === '') return
    this.#atStart = false
    if (this.#state === 'thinking') this.out.thinking(text)
    else this.out.text(text)
  }
}
