/**
 * From the engine's events to the deltas of the wire. Streamed and plain answers both are made from these deltas, so that
 * they cannot differ.
 *
 * A tool call is told when it is whole: what the engine reports of one in the making may still turn out to be no call (cut
 * off, not JSON), and then its text is content. Nothing on the wire takes a delta back.
 */
import type { ChatEvent, ChatResult } from 'octoscale'

/** The first delta of a call names it, the second brings its arguments. */
export type ToolCallDelta =
  | {
      readonly index: number
      readonly id: string
      readonly type: 'function'
      readonly function: { readonly name: string; readonly arguments: string }
    }
  | { readonly index: number; readonly function: { readonly arguments: string } }

export type Delta =
  | { readonly reasoning_content: string }
  | { readonly content: string }
  | { readonly tool_calls: readonly [ToolCallDelta] }

export type WireFinishReason = 'stop' | 'length' | 'tool_calls'

/** Makes the deltas of one answer. */
export class DeltaMaker {
  readonly #maxCalls: number
  #calls = 0

  /** @param maxCalls calls to tell at most; 0 where no tool was offered */
  constructor(maxCalls: number) {
    this.#maxCalls = maxCalls
  }

  take(event: ChatEvent): Delta[] {
    if (event.type === 'thinking-delta') return event.text === '' ? [] : [{ reasoning_content: event.text }]
    if (event.type === 'text-delta') return event.text === '' ? [] : [{ content: event.text }]
    if (event.type === 'tool-call') return this.#call(event.id, event.name, event.arguments)
    return []
  }

  finishReason(result: ChatResult): WireFinishReason {
    if (result.finishReason === 'length') return 'length'
    return this.#calls > 0 ? 'tool_calls' : 'stop'
  }

  #call(id: string, name: string, given: string): Delta[] {
    const text = given.trim() === '' ? '{}' : given
    // A model may call although it was offered nothing. Its caller expects no call, but shall see what it did.
    if (this.#maxCalls === 0) return [{ content: `{"name": ${JSON.stringify(name)}, "arguments": ${text}}` }]
    if (this.#calls >= this.#maxCalls) return []
    const index = this.#calls++
    return [
      { tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] },
      { tool_calls: [{ index, function: { arguments: text } }] },
    ]
  }
}
