import type { ChatMessage } from '@octoscale/tokenizer'
import { chatMessage, renderSegments } from './render.ts'
import type { Conversation, Expectation, ToolDefinition } from './types.ts'

/** One line of an evaluation file: what `chat()` takes, the same as prompt text, and what is right. */
export interface EvaluationItem {
  readonly row: string
  readonly thinking: boolean
  readonly messages: readonly ChatMessage[]
  readonly tools?: readonly ToolDefinition[]
  readonly prompt: string
  readonly expected: string
  readonly expect: Expectation
}

export function evaluationItem(row: string, conversation: Conversation): EvaluationItem {
  const { thinking, messages, tools, expect } = conversation
  const segments = renderSegments(conversation)
  const last = messages.at(-1)
  return {
    row,
    thinking,
    messages: messages.slice(0, -1).map(chatMessage),
    ...(tools ? { tools } : {}),
    prompt: segments
      .slice(0, -1)
      .map((segment) => segment.text)
      .join(''),
    expected: segments.at(-1)?.text ?? '',
    expect: expect.kind === 'exact' && last ? { ...expect, values: [last.content] } : expect,
  }
}
