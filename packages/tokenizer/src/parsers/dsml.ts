/**
 * Reads what DeepSeek-V3.2 writes: thinking, text and calls in tags of its own markup (DSML).
 *
 *     <｜DSML｜function_calls>
 *     <｜DSML｜invoke name="f">
 *     <｜DSML｜parameter name="city" string="true">Bern</｜DSML｜parameter>
 *     <｜DSML｜parameter name="days" string="false">[1, 2]</｜DSML｜parameter>
 *     </｜DSML｜invoke>
 *     </｜DSML｜function_calls>
 *
 * A parameter is text as it is, or JSON; arguments come out as one JSON object. Text of a parameter ends at its closing tag
 * and nowhere else. The tags count in text, too: whether `｜DSML｜` is a token differs between the model's tokenizers.
 */
import { MarkerScanner } from '../chat/marker-scanner.ts'
import { MARKERS } from '../chat/markers.ts'
import type { ChatParser, ChatParserOptions } from '../chat/parser-types.ts'
import { DsmlCall } from './dsml-call.ts'
import { FramedText } from './framed-text.ts'
import { TurnParser } from './turn-parser.ts'

const BLOCK = '<｜DSML｜function_calls>'
const BLOCK_END = '</｜DSML｜function_calls>'
const INVOKE = '<｜DSML｜invoke name="'
const INVOKE_END = '</｜DSML｜invoke>'
const PARAMETER = '<｜DSML｜parameter name="'
const PARAMETER_END = '</｜DSML｜parameter>'
const TAGS: readonly string[] = [BLOCK, BLOCK_END, INVOKE, INVOKE_END, PARAMETER, PARAMETER_END]
const CONTROLS: readonly string[] = [MARKERS.thinkBegin, MARKERS.thinkEnd, MARKERS.endOfSentence]

/** A parser for one assistant turn. `thinking`: whether the prompt ended in `<think>`. */
export function createDsmlParser(options: ChatParserOptions = {}): ChatParser {
  return new DsmlParser(options)
}

class DsmlParser extends TurnParser {
  readonly #tags = new MarkerScanner(TAGS)
  readonly #frame = new FramedText(false)
  #state: 'thinking' | 'text' | 'between' | 'call' | 'done'
  #atStart = true
  #thinkEndMayFollow = false
  #space = ''
  #call = new DsmlCall()

  constructor(options: ChatParserOptions) {
    super(CONTROLS, options)
    this.#state = options.thinking ? 'thinking' : 'text'
  }

  protected override onText(text: string): void {
    for (const segment of this.#tags.push(text)) {
      if (segment.control) this.#onTag(segment.text)
      else this.#onPlain(segment.text)
    }
  }

  protected override onMarker(marker: string): void {
    this.#onPlain(this.#tags.flush())
    if (this.#state === 'done') return
    if (marker === MARKERS.endOfSentence) {
      this.#end('not-json')
      this.#state = 'done'
    } else if (this.#state === 'call') {
      this.#onPlain(marker)
    } else if (marker === MARKERS.thinkEnd && this.#thinkEndHere()) {
      this.#emit(this.#frame.flush())
      this.#thinkEndMayFollow = false
      this.#state = 'text'
    } else if (marker === MARKERS.thinkBegin && this.#atStart) {
      this.#state = 'thinking'
    } else {
      this.#onPlain(marker)
    }
  }

  protected override onEnd(): void {
    this.#onPlain(this.#tags.flush())
    this.#end('truncated')
  }

  #thinkEndHere(): boolean {
    return this.#state === 'thinking' || this.#atStart || this.#thinkEndMayFollow
  }

  #end(reason: 'not-json' | 'truncated'): void {
    if (this.#state === 'call') this.#endCall(reason)
    this.#emit(this.#frame.flush())
  }

  #onPlain(text: string): void {
    if (text === '' || this.#state === 'done') return
    if (this.#state === 'call') this.#call.text(text, this.out)
    else if (this.#state === 'between') {
      this.#space += text
      if (text.trim() === '') return
      this.#state = 'text'
      this.#emit(this.#frame.take(this.#space))
    } else {
      this.#emit(this.#frame.take(text))
    }
  }

  #onTag(tag: string): void {
    if (this.#state === 'done') return
    if (this.#state === 'call' && this.#onTagInCall(tag)) return
    if (tag === BLOCK || tag === INVOKE) {
      if (this.#state === 'thinking') this.#thinkEndMayFollow = true
      this.#frame.frame(false)
      this.#atStart = false
      this.#space = ''
      this.#state = tag === BLOCK ? 'between' : 'call'
      if (tag === INVOKE) this.#call = new DsmlCall(tag)
    } else if (tag === PARAMETER) {
      this.#onPlain(tag)
    }
  }

  /** @returns whether that was all that the tag means */
  #onTagInCall(tag: string): boolean {
    if (this.#call.inValue && tag !== PARAMETER_END) this.#call.text(tag, this.out)
    else if (tag === PARAMETER || tag === PARAMETER_END) this.#call.tag(tag, tag === PARAMETER, this.out)
    else {
      if (tag === INVOKE_END) this.#call.raw += tag
      this.#endCall('not-json')
      return tag === INVOKE_END
    }
    return true
  }

  #endCall(reason: 'not-json' | 'truncated'): void {
    this.#state = 'between'
    this.#space = ''
    if (this.#call.end(this.out, reason)) this.out.endCall()
    else {
      this.out.withdrawCall(reason)
      this.out.text(this.#call.raw)
    }
  }

  #emit(text: string): void {
    if (text === '') return
    this.#atStart = false
    if (this.#state === 'thinking') this.out.thinking(text)
    else this.out.text(text)
  }
}
