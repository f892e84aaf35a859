/** The whole answer as one JSON object. */
import { type AnswerPart, unfinished } from './answer.ts'
import type { ToolCallDelta, WireFinishReason } from './deltas.ts'
import type { AnswerHead } from './head.ts'
import { type Timings, timingsOf, type WireUsage, wireUsage } from './usage.ts'

export interface WireToolCall {
  readonly id: string
  readonly type: 'function'
  readonly function: { readonly name: string; readonly arguments: string }
}

export interface ChatCompletion extends AnswerHead {
  readonly object: 'chat.completion'
  readonly choices: readonly [
    {
      readonly index: 0
      readonly message: {
        readonly role: 'assistant'
        /** Null if there is nothing but tool calls. */
        readonly content: string | null
        readonly refusal: null
        readonly reasoning_content?: string
        readonly tool_calls?: readonly WireToolCall[]
      }
      readonly logprobs: null
      readonly finish_reason: WireFinishReason
    },
  ]
  readonly usage: WireUsage
  readonly timings: Timings
}

/** Throws what `parts` throws. */
export async function collectCompletion(
  head: AnswerHead,
  parts: AsyncIterable<AnswerPart>,
): Promise<ChatCompletion> {
  let content = ''
  let reasoning = ''
  const calls: WireToolCall[] = []
  for await (const part of parts) {
    if (part.type === 'finish') {
      const message = {
        role: 'assistant' as const,
        content: content === '' && calls.length > 0 ? null : content,
        refusal: null,
        ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
        ...(calls.length === 0 ? {} : { tool_calls: calls }),
      }
      return {
        ...head,
        object: 'chat.completion',
        choices: [{ index: 0, message, logprobs: null, finish_reason: part.reason }],
        usage: wireUsage(part.usage),
        timings: timingsOf(part.usage),
      }
    }
    if ('content' in part.delta) content += part.delta.content
    else if ('reasoning_content' in part.delta) reasoning += part.delta.reasoning_content
    else addCall(calls, part.delta.tool_calls[0])
  }
  throw unfinished()
}

function addCall(calls: WireToolCall[], delta: ToolCallDelta): void {
  if ('id' in delta) {
    const { id, type, function: called } = delta
    calls.push({ id, type, function: called })
    return
  }
  const begun = calls[delta.index]
  if (begun === undefined) return
  const { name, arguments: text } = begun.function
  calls[delta.index] = { ...begun, function: { name, arguments: text + delta.function.arguments } }
}
