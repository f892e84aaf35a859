/** Collects the events of one assistant turn, and what they add up to. */
import type { ChatEvent, ParsedMessage } from '../chat/parser-types.ts'
import type { ToolCall } from '../chat/types.ts'

export class EventWriter {
  readonly #createId: (index: number) => string
  readonly #toolCalls: ToolCall[] = []
  #events: ChatEvent[] = []
  #content = ''
  #thinking = ''
  #nextIndex = 0
  #current: { index: number; id: string; name: string; arguments: string } | undefined

  constructor(createId: ((index: number) => string) | undefined) {
    this.#createId = createId ?? randomId
  }

  /** Whether a call has been started and not ended. */
  get inCall(): boolean {
    return this.#current !== undefined
  }

  text(text: string): void {
    if (text === '') return
    this.#content += text
    this.#events.push({ type: 'text-delta', text })
  }

  thinking(text: string): void {
    if (text === '') return
    this.#thinking += text
    this.#events.push({ type: 'thinking-delta', text })
  }

  startCall(name: string): void {
    const index = this.#nextIndex++
    const id = this.#createId(index)
    this.#current = { index, id, name, arguments: '' }
    this.#events.push({ type: 'tool-call-start', index, id, name })
  }

  /** More of the arguments of the started call. */
  arguments(text: string): void {
    if (text === '' || this.#current === undefined) return
    this.#current.arguments += text
    this.#events.push({ type: 'tool-call-arguments-delta', index: this.#current.index, text })
  }

  /** The started call is complete; no arguments at all become `{}`, also in the deltas. */
  endCall(): void {
    const call = this.#current
    if (call === undefined) return
    if (call.arguments.trim() === '') this.arguments('{}')
    this.#current = undefined
    const { index, ...toolCall } = call
    this.#toolCalls.push(toolCall)
    this.#events.push({ type: 'tool-call', index, ...toolCall })
  }

  /** The started call is none; its raw text is to follow as text. */
  withdrawCall(reason: 'not-json' | 'truncated'): void {
    if (this.#current === undefined) return
    this.#events.push({ type: 'tool-call-invalid', reason, ...this.#current })
    this.#current = undefined
  }

  message(): void {
    const message: ParsedMessage = {
      role: 'assistant',
      content: this.#content,
      thinking: this.#thinking,
      toolCalls: this.#toolCalls,
    }
    this.#events.push({ type: 'message', message })
  }

  /** The events since the last time. */
  take(): ChatEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }
}

/** 96 random bits: unique in any conversation. `getRandomValues` exists in every browser context and in Node. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return `call_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
