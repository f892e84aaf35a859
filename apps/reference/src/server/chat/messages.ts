/** The conversation of a request, in the shapes of the engine. */
import type { AssistantMessage, ChatMessage } from 'octoscale'
import { badRequest, unsupported } from '../api-error.ts'
import type { RequestContent, RequestMessage, RequestToolCall } from './request-types.ts'

/** Throws `ApiError` 400 for parts that are not text, and for a conversation in which it is not the model's turn. */
export function toChatMessages(messages: readonly RequestMessage[]): ChatMessage[] {
  const converted = messages.map((message, index) => toChatMessage(message, `messages[${index}]`))
  const last = converted.findLastIndex(({ role }) => role !== 'system')
  const role = converted[last]?.role
  if (role !== 'user' && role !== 'tool') {
    const got = role === undefined ? 'none but system messages' : 'an assistant message'
    const param = `messages[${Math.max(last, 0)}].role`
    throw badRequest(
      param,
      `the last message must be of the user or a tool for the model to answer, got ${got}`,
    )
  }
  return converted
}

function toChatMessage(message: RequestMessage, path: string): ChatMessage {
  if (message.role === 'tool') {
    return {
      role: 'tool',
      content: textOf(message.content ?? '', `${path}.content`),
      ...(message.tool_call_id == null ? {} : { toolCallId: message.tool_call_id }),
    }
  }
  if (message.role !== 'assistant') {
    const role = message.role === 'user' ? 'user' : 'system'
    return { role, content: textOf(message.content, `${path}.content`) }
  }
  if (message.prefix) throw unsupported(`${path}.prefix`, 'an answer cannot be begun for the model')
  const thinking = message.reasoning_content ?? message.reasoning
  const calls = message.tool_calls ?? []
  return {
    role: 'assistant',
    // Clients send an empty turn, such as one that was stopped at once, with no content at all.
    content: textOf(message.content ?? message.refusal ?? '', `${path}.content`),
    ...(thinking == null ? {} : { thinking }),
    ...(calls.length === 0 ? {} : { toolCalls: calls.map(toToolCall) }),
  }
}

function toToolCall(call: RequestToolCall): NonNullable<AssistantMessage['toolCalls']>[number] {
  const { name, arguments: given } = call.function
  return { name, arguments: given ?? '', ...(call.id == null ? {} : { id: call.id }) }
}

/** Text, or text parts joined by line ends as vLLM and llama.cpp do for templates that know only text. */
function textOf(content: RequestContent, path: string): string {
  if (typeof content === 'string') return content
  return content
    .map(({ type, text, refusal }, index) => {
      const known = type === 'text' ? text : type === 'refusal' ? refusal : undefined
      if (known != null) return known
      if (type === 'text' || type === 'refusal') throw badRequest(`${path}[${index}].${type}`, 'is missing')
      throw unsupported(`${path}[${index}].type`, 'only parts of type "text": this model reads nothing else')
    })
    .join('\n')
}
