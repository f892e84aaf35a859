/** An engine for the server whose answers follow a script, chosen by the last message. */
import type { ChatEvent, ChatMessage, ChatOptions } from 'octoscale'
import type { Engine } from '../../server/engine.ts'

export interface ScriptedAnswer {
  readonly thinking?: string
  readonly text?: string
  readonly call?: { readonly name: string; readonly arguments: string }
  /** Thrown after the text. */
  readonly error?: Error
  /** Between two words. */
  readonly milliseconds?: number
}

export interface ScriptedEngine extends Engine {
  /** The conversations it was asked to go on with. */
  readonly asked: (readonly ChatMessage[])[]
  /** How many answers were aborted. */
  aborted: number
}

export function scriptedEngine(answer: (last: ChatMessage, count: number) => ScriptedAnswer): ScriptedEngine {
  const engine: ScriptedEngine = {
    info: { name: 'scripted', contextLength: 1000, parameters: 1, bytes: 1 },
    asked: [],
    aborted: 0,
    async *chat(options: ChatOptions): AsyncGenerator<ChatEvent, void> {
      const messages = options.messages as readonly ChatMessage[]
      engine.asked.push(messages)
      const count = engine.asked.length
      const step = answer(messages.at(-1) as ChatMessage, count)
      const { thinking = '', text = '', call, milliseconds = 0 } = step
      try {
        for (const [type, whole] of [
          ['thinking-delta', thinking],
          ['text-delta', text],
        ] as const) {
          for (const word of whole.match(/\s*\S+\s*$|\s*\S+/g) ?? []) {
            yield { type, text: word }
            await new Promise((resolve) => setTimeout(resolve, milliseconds))
            options.signal?.throwIfAborted()
          }
        }
      } catch (error) {
        engine.aborted++
        throw error
      }
      if (step.error !== undefined) throw step.error
      const calls = call === undefined ? [] : [{ id: `call_${count}`, ...call }]
      for (const [index, one] of calls.entries()) yield { type: 'tool-call', index, ...one }
      const words = `${thinking} ${text}`.split(/\s+/).length
      yield {
        type: 'finish',
        result: {
          role: 'assistant',
          content: text,
          thinking,
          toolCalls: calls,
          finishReason: calls.length > 0 ? 'tool-calls' : 'stop',
          usage: {
            promptTokens: 10,
            cachedTokens: 0,
            completionTokens: words,
            thinkingTokens: 0,
            prefillMilliseconds: 1,
            decodeMilliseconds: 1,
          },
        },
      }
    },
  }
  return engine
}
