import { type ChatMessage, renderChat, renderCompletion } from '@octoscale/tokenizer'
import type { AssistantMessage, Conversation, Message, Segment } from './types.ts'

function completionMessage(message: AssistantMessage): Extract<ChatMessage, { role: 'assistant' }> {
  const { content, thought, calls } = message
  return {
    role: 'assistant',
    content,
    ...(thought === undefined ? {} : { thinking: thought }),
    ...(calls ? { toolCalls: calls } : {}),
  }
}

/** A message as the packages hold it. */
export function chatMessage(message: Message): ChatMessage {
  return message.role === 'assistant' ? completionMessage(message) : message
}

/**
 * A conversation in the V3.1 template, cut where the assistant starts and stops writing. Earlier turns of a thinking
 * conversation carry no loss: they lost their thoughts, and a bare result teaches guessing.
 */
export function renderSegments(conversation: Conversation): Segment[] {
  const { messages, tools = [], thinking } = conversation
  const chat = messages.map(chatMessage)
  const segments: Segment[] = []
  let written = ''
  messages.forEach((message, index) => {
    const last = index === messages.length - 1
    if (message.role !== 'assistant' || (thinking && !last)) return
    const prompt = renderChat(chat.slice(0, index), { tools, thinking })
    if (!prompt.startsWith(written)) throw new Error('a completion is not what the template makes of it')
    const completion = renderCompletion(completionMessage(message), { thinking })
    segments.push({ text: prompt.slice(written.length), loss: false }, { text: completion, loss: true })
    written = prompt + completion
  })
  return segments
}
