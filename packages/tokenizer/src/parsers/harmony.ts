/**
 * Reads what gpt-oss writes behind `<|start|>assistant`, one message after the other:
 *
 *     <|channel|>analysis<|message|>thinking<|end|>
 *     <|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json<|message|>{"a": 1}<|call|>
 *     <|start|>assistant<|channel|>final<|message|>text<|return|>
 *
 * `analysis` is thinking, `final` and what `commentary` tells the user are text, a recipient makes a call. The recipient may
 * stand before the channel (`<|start|>assistant to=functions.f<|channel|>commentary json<|message|>`). A message without any
 * header is text. Calls to tools that are built into other systems (`to=python`, `to=browser.search`) are calls by that name.
 */
import { isToolName } from '../chat/check-messages.ts'
import type { ChatParser, ChatParserOptions } from '../chat/parser-types.ts'
import { areArguments, StringState } from './call-reader.ts'
import { TurnParser } from './turn-parser.ts'

const START = '<|start|>'
const CHANNEL = '<|channel|>'
const CONSTRAIN = '<|constrain|>'
const MESSAGE = '<|message|>'
const END = '<|end|>'
const CALL = '<|call|>'
const RETURN = '<|return|>'

/** The control tokens that the parser knows. */
export const harmonyMarkers: readonly string[] = [START, CHANNEL, CONSTRAIN, MESSAGE, END, CALL, RETURN]

/** A parser for one assistant turn. The model says itself what is thinking: that option changes nothing. */
export function createHarmonyParser(options: ChatParserOptions = {}): ChatParser {
  return new HarmonyParser(harmonyMarkers, options)
}

class HarmonyParser extends TurnParser {
  /** `start`: nothing of the current message has arrived; `open`: text without a header. */
  #state: 'start' | 'header' | 'thinking' | 'text' | 'call' | 'open' | 'done' = 'start'
  /** The header as written, with its markers. */
  #header = ''
  #arguments = ''
  #string = new StringState()

  protected override onText(text: string): void {
    if (this.#state === 'header') this.#header += text
    else if (this.#state === 'thinking') this.out.thinking(text)
    else if (this.#state === 'text' || this.#state === 'open') this.out.text(text)
    else if (this.#state === 'call') {
      this.#arguments += text
      for (let i = 0; i < text.length; i++) this.#string.push(text.charCodeAt(i))
      this.out.arguments(text)
    } else if (this.#state === 'start') this.#onFirstText(text)
  }

  protected override onMarker(marker: string): void {
    if (this.#state === 'done') return
    if (this.#state === 'call' && this.#string.inside) {
      this.onText(marker)
    } else if ((this.#state === 'thinking' || this.#state === 'text') && marker === CHANNEL) {
      // The end of the message and the start of the next one are missing.
      this.#state = 'header'
      this.#header = CHANNEL
    } else if (marker === START || marker === RETURN || marker === CALL || marker === END) {
      this.#endMessage('not-json', marker === START ? '' : marker)
      // A call hands over to the tool; the text of a turn that has calls ends with the last one.
      this.#state = marker === RETURN ? 'done' : marker === START ? 'header' : 'start'
      this.#header = marker === START ? START : ''
    } else if (this.#state === 'header' || this.#state === 'start') {
      if (marker === MESSAGE) this.#begin()
      else this.#header += marker
      if (this.#state === 'start') this.#state = 'header'
    } else {
      this.onText(marker)
    }
  }

  protected override onEnd(): void {
    this.#endMessage('truncated', '')
  }

  #onFirstText(text: string): void {
    this.#header += text
    // What the prompt's `<|start|>assistant` may be followed by: a recipient.
    const begun = this.#header
    if (/^\s*$/.test(begun) || ' to='.startsWith(begun) || begun.startsWith(' to=')) return
    this.#state = 'open'
    this.#header = ''
    this.out.text(begun)
  }

  /** The header is complete. */
  #begin(): void {
    const recipient = /(?:^|\s)to=([^\s<]+)/.exec(this.#header)?.[1]
    const channel = /<\|channel\|>\s*([a-z]*)/.exec(this.#header)?.[1]
    this.#arguments = ''
    this.#string = new StringState()
    const name = recipient?.replace(/^functions\./, '')
    if (isToolName(name) && recipient !== 'assistant') {
      this.#state = 'call'
      this.out.startCall(name)
    } else {
      this.#state = channel === 'analysis' ? 'thinking' : 'text'
    }
  }

  #endMessage(reason: 'not-json' | 'truncated', marker: string): void {
    if (this.#state === 'call') {
      if (areArguments(this.#arguments, reason)) this.out.endCall()
      else {
        this.out.withdrawCall(reason)
        this.out.text(`${this.#header}${MESSAGE}${this.#arguments}${marker}`)
      }
    } else if (
      (this.#state === 'header' || this.#state === 'start') &&
      !/^(<\|start\|>)?(assistant)?$/.test(this.#header)
    ) {
      this.out.text(this.#header)
    }
  }
}
