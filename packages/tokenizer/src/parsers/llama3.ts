/**
 * Reads what Llama 3.1 to 3.3 write: text, or calls as JSON objects `{"name": ..., "parameters": {...}}`, behind
 * `<|python_tag|>` or bare, several of them divided by `;` or white space.
 *
 * A bare object is a call only where the output begins or after another call, and only with `name` and an object of
 * parameters: JSON that is quoted in an answer or is the answer stays text. It is held back until that is decided. Behind the
 * tag a name is enough. What is no JSON there (`brave_search.call(...)`, Python) is text with its tag.
 */
import { isToolName } from '../chat/check-messages.ts'
import type { ChatParser, ChatParserOptions } from '../chat/parser-types.ts'
import { CallObject, parsed } from './call-object.ts'
import { TurnParser } from './turn-parser.ts'

const PYTHON_TAG = '<|python_tag|>'
const TURN_ENDS: readonly string[] = ['<|eot_id|>', '<|eom_id|>', '<|end_of_text|>']

/** The control tokens that the parser knows. */
export const llama3Markers: readonly string[] = [PYTHON_TAG, ...TURN_ENDS]

/** A parser for one assistant turn. The format has no thinking: that option changes nothing. */
export function createLlama3Parser(options: ChatParserOptions = {}): ChatParser {
  return new Llama3Parser(options)
}

/** `before`: only white space since the place where an object may begin; that place is the start, a tag or a call's end. */
type State = 'before' | 'object' | 'text' | 'done'

class Llama3Parser extends TurnParser {
  #state: State = 'before'
  #tagged = false
  #afterCall = false
  /** Text before an object that is lost with a call and kept without one: the tag, white space, `;`. */
  #lead = ''
  #call = new CallObject()

  constructor(options: ChatParserOptions) {
    super(llama3Markers, options)
  }

  protected override onEnd(): void {
    this.#endPart('truncated')
  }

  protected override onMarker(marker: string): void {
    if (this.#state === 'object' && this.#call.inString) {
      this.onText(marker)
      return
    }
    if (this.#state === 'done') return
    this.#endPart('not-json')
    this.#state = marker === PYTHON_TAG ? 'before' : 'done'
    this.#tagged = true
    this.#afterCall = false
    this.#lead = PYTHON_TAG
  }

  protected override onText(text: string): void {
    for (let rest = text; rest !== ''; ) {
      if (this.#state === 'done') return
      if (this.#state === 'text') {
        this.out.text(rest)
        return
      }
      rest = this.#state === 'before' ? this.#before(rest) : this.#object(rest)
    }
  }

  #before(text: string): string {
    const at = text.search(this.#afterCall ? /[^\s;]/ : /\S/)
    this.#lead += at < 0 ? text : text.slice(0, at)
    if (at < 0) return ''
    if (text[at] === '{') {
      this.#state = 'object'
      this.#call = new CallObject()
    } else {
      this.#asText('')
    }
    return text.slice(at)
  }

  #object(text: string): string {
    const call = this.#call
    const rest = text.slice(this.#advance(text))
    if (call.closed) this.#endPart('not-json')
    else if (!this.out.inCall && this.#cannotBeCall()) this.#asText(call.raw)
    return rest
  }

  /** One character at a time until it is decided: what an object is must not depend on how the text is cut. */
  #advance(text: string): number {
    let taken = 0
    while (taken < text.length && !this.out.inCall && !this.#call.closed && !this.#cannotBeCall()) {
      this.#call.push(text[taken++] ?? '')
      this.#start()
    }
    if (this.out.inCall) {
      taken += this.#call.push(text.slice(taken))
      this.out.arguments(this.#call.takeArguments())
    }
    return taken
  }

  #start(): void {
    const { name, argumentsBegin } = this.#call
    if (isToolName(name) && (this.#tagged || argumentsBegin === '{')) this.out.startCall(name)
  }

  #cannotBeCall(): boolean {
    const { name, argumentsBegin, foreign } = this.#call
    if (name !== undefined && !isToolName(name)) return true
    return !this.#tagged && (foreign || (argumentsBegin !== undefined && argumentsBegin !== '{'))
  }

  /** The end of an object, of the turn or of the output. */
  #endPart(reason: 'not-json' | 'truncated'): void {
    if (this.#state === 'before') {
      if (!this.#afterCall) this.#asText('')
    } else if (this.#state === 'object') {
      if (this.out.inCall && parsed(this.#call.raw) !== undefined) {
        this.out.endCall()
        this.#state = 'before'
        this.#afterCall = true
        this.#lead = ''
      } else {
        this.out.withdrawCall(reason)
        this.#asText(this.#call.raw)
      }
    }
  }

  #asText(raw: string): void {
    this.#state = 'text'
    this.out.text(this.#lead + raw)
    this.#lead = ''
  }
}
