/** The body of a chat completions request. */
import { parseArguments } from '../run/parse-arguments.ts'
import type { AgentMessage, ModelRequest, ToolCall, ToolDefinition } from '../types.ts'
import type { OpenAiOptions } from './openai-options.ts'

export function toRequestBody(
  options: OpenAiOptions,
  request: ModelRequest,
): Readonly<Record<string, unknown>> {
  const { model, temperature, topP, maxTokens, seed, thinking, stream = true } = options
  return {
    temperature,
    top_p: topP,
    max_tokens: maxTokens,
    seed,
    ...(thinking === undefined ? {} : thinkingSwitches(thinking)),
    ...options.body,
    model,
    messages: request.messages.map(toMessage),
    // An empty list is refused by some servers.
    ...(request.tools.length === 0 ? {} : { tools: request.tools.map(toTool) }),
    stream,
    ...(stream ? { stream_options: { include_usage: true } } : {}),
  }
}

/** DeepSeek's own API has `thinking`; vLLM and SGLang pass `chat_template_kwargs` on to the chat template. */
function thinkingSwitches(thinking: boolean): object {
  return { thinking: { type: thinking ? 'enabled' : 'disabled' }, chat_template_kwargs: { thinking } }
}

function toTool({ name, description, parameters }: ToolDefinition): object {
  return { type: 'function', function: { name, description, parameters } }
}

function toMessage(message: AgentMessage): object {
  if (message.role === 'tool') {
    return { role: 'tool', tool_call_id: message.toolCallId, content: message.content }
  }
  if (message.role !== 'assistant') return { role: message.role, content: message.content }
  const { role, content, thinking, toolCalls = [] } = message
  if (toolCalls.length === 0) return { role, content }
  return {
    role,
    content,
    // DeepSeek's API refuses turns with calls that come back without their thinking; others ignore it.
    reasoning_content: thinking,
    tool_calls: toolCalls.map(toCall),
  }
}

/** Servers parse the arguments of earlier calls, and some fail on what is no object: the call's result tells the story. */
function toCall({ id, name, arguments: text }: ToolCall): object {
  const parsed = parseArguments(text)
  return {
    id,
    type: 'function',
    function: { name, arguments: parsed.ok ? JSON.stringify(parsed.input) : '{}' },
  }
}
