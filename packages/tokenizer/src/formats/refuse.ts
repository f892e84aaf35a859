/** Refusals that several formats share. */
import { ChatError } from '../chat/chat-error.ts'
import type { CheckedMessage } from '../chat/check-messages.ts'

/** `continueFinalMessage` needs a last message that can be gone on with. @throws ChatError */
export function checkContinuation(messages: readonly CheckedMessage[], wanted: boolean | undefined): void {
  const last = messages.at(-1)
  if (!wanted || (last?.role === 'assistant' && last.toolCalls === null)) return
  throw new ChatError({
    index: messages.length - 1,
    field: 'role',
    expected: 'an assistant message without tool calls, to be continued',
    got: last?.role === 'assistant' ? 'one with tool calls' : String(last?.role),
  })
}

/** @throws ChatError at the message that the format cannot hold */
export function refuse(index: number, field: string, expected: string, got: string): never {
  throw new ChatError({ index, field, expected, got })
}
