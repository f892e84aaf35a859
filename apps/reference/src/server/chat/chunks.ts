/** The answer as the chunks of a stream: role, deltas, one chunk with the reason of the end, and the usage if asked for. */
import type { AnswerPart } from './answer.ts'
import type { Delta, WireFinishReason } from './deltas.ts'
import type { AnswerHead } from './head.ts'
import { type Timings, timingsOf, type WireUsage, wireUsage } from './usage.ts'

export interface ChatChunk extends AnswerHead {
  readonly object: 'chat.completion.chunk'
  readonly choices: readonly {
    readonly index: 0
    readonly delta: Delta | { readonly role: 'assistant'; readonly content: '' } | Record<string, never>
    readonly logprobs: null
    readonly finish_reason: WireFinishReason | null
  }[]
  /** With `include_usage`: null in all chunks but the last. */
  readonly usage?: WireUsage | null
  /** In the last chunk. */
  readonly timings?: Timings
}

/** Throws what `parts` throws. */
export async function* toChunks(
  head: AnswerHead,
  parts: AsyncIterable<AnswerPart>,
  includeUsage: boolean,
): AsyncGenerator<ChatChunk, void> {
  const chunk = (
    delta: ChatChunk['choices'][number]['delta'],
    finish_reason: WireFinishReason | null = null,
  ): ChatChunk => ({
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    ...(includeUsage ? { usage: null } : {}),
  })
  let begun = false
  for await (const part of parts) {
    if (!begun) yield chunk({ role: 'assistant', content: '' })
    begun = true
    if (part.type === 'delta') {
      yield chunk(part.delta)
      continue
    }
    const timings = timingsOf(part.usage)
    const last = chunk({}, part.reason)
    if (!includeUsage) {
      yield { ...last, timings }
    } else {
      yield last
      yield { ...last, choices: [], usage: wireUsage(part.usage), timings }
    }
  }
}
