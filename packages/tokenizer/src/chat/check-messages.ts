/** Checks a conversation, which is untrusted input, and brings it into the one form that rendering knows. */
import { describe } from '../describe.ts'
import { ChatError } from './chat-error.ts'
import { pythonJson } from './python-json.ts'
import type { ChatMessage, ToolCallInput, ToolDefinition, ToolMessage } from './types.ts'

/** A checked message: tool calls have JSON text as arguments, an empty list of calls is the absence of calls. */
export type CheckedMessage =
  | { readonly role: 'system' | 'user' | 'tool'; readonly content: string }
  | {
      readonly role: 'assistant'
      readonly content: string | null
      readonly toolCalls: readonly CheckedCall[] | null
      readonly prefix: boolean
      readonly thinking: string | null
    }

export interface CheckedCall {
  readonly name: string
  readonly arguments: string
  /** The arguments as they came, for formats that write values differently. */
  readonly given: string | object
}

/** Whether a tool name survives the round trip through the format: it ends at the next marker, and readers trim it. */
export function isToolName(name: unknown): name is string {
  return typeof name === 'string' && name !== '' && name.trim() === name && !name.includes('<')
}

const TOOL_NAME = 'a name that is not empty, has no "<" and no space at its ends'

/**
 * Checks all messages.
 *
 * The format has no call ids: the model reads results by position. Results that carry `toolCallId` are therefore brought
 * into the order of their calls.
 *
 * @throws ChatError naming the first fault
 */
export function checkMessages(messages: readonly ChatMessage[]): CheckedMessage[] {
  if (!Array.isArray(messages)) {
    throw new ChatError({ field: 'messages', expected: 'an array', got: describe(messages) })
  }
  if (messages.length === 0) {
    throw new ChatError({ field: 'messages', expected: 'at least one message', got: 'none' })
  }
  const checked: CheckedMessage[] = []
  let calls: readonly ToolCallInput[] = []
  for (let index = 0; index < messages.length; index++) {
    const message: ChatMessage | null | undefined = messages[index]
    if (typeof message !== 'object' || message === null) {
      throw new ChatError({ field: `messages[${index}]`, expected: 'a message', got: describe(message) })
    }
    if (message.role === 'tool') {
      const results = takeToolResults(messages, index, calls)
      checked.push(...results)
      index += results.length - 1
      calls = []
    } else if (message.role === 'assistant') {
      const toolCalls = presentCalls(message.toolCalls, index)
      calls = toolCalls ?? []
      checked.push({
        role: 'assistant',
        content: assistantContent(message.content, toolCalls !== null, index),
        toolCalls: toolCalls?.map((call, position) => checkCall(call, index, position)) ?? null,
        prefix: message.prefix === true,
        thinking: message.thinking ?? null,
      })
    } else if (message.role === 'system' || message.role === 'user') {
      calls = message.role === 'system' ? calls : []
      checked.push({ role: message.role, content: textContent(message.content, index) })
    } else {
      const role: unknown = (message as { role?: unknown }).role
      throw new ChatError({
        index,
        field: 'role',
        expected: 'system, user, assistant or tool',
        got: describe(role),
      })
    }
  }
  return checked
}

/** Checks the tools: names that can be called and do not repeat. @throws ChatError */
export function checkTools(tools: readonly ToolDefinition[]): void {
  if (!Array.isArray(tools))
    throw new ChatError({ field: 'tools', expected: 'an array', got: describe(tools) })
  const seen = new Set<string>()
  for (const [index, tool] of tools.entries()) {
    if (!isToolName(tool?.name)) {
      throw new ChatError({ field: `tools[${index}].name`, expected: TOOL_NAME, got: describe(tool?.name) })
    }
    if (seen.has(tool.name)) {
      throw new ChatError({ field: `tools[${index}].name`, expected: 'unique', got: `a second ${tool.name}` })
    }
    seen.add(tool.name)
    if (tool.description != null && typeof tool.description !== 'string') {
      const got = describe(tool.description)
      throw new ChatError({ field: `tools[${index}].description`, expected: 'text', got })
    }
    if (tool.parameters != null && (typeof tool.parameters !== 'object' || Array.isArray(tool.parameters))) {
      const got = describe(tool.parameters)
      throw new ChatError({ field: `tools[${index}].parameters`, expected: 'a JSON Schema object', got })
    }
  }
}

/** The list of calls, or null where there is none. */
function presentCalls(given: unknown, index: number): readonly ToolCallInput[] | null {
  if (given == null) return null
  if (Array.isArray(given)) return given.length > 0 ? given : null
  throw new ChatError({ index, field: 'toolCalls', expected: 'an array', got: describe(given) })
}

function textContent(content: unknown, index: number): string {
  if (typeof content === 'string') return content
  throw new ChatError({ index, field: 'content', expected: 'a string', got: describe(content) })
}

function assistantContent(content: unknown, hasCalls: boolean, index: number): string | null {
  if (typeof content === 'string') return content
  if (content == null && hasCalls) return null
  const expected = hasCalls ? 'a string or null' : 'a string, unless the message has tool calls'
  throw new ChatError({ index, field: 'content', expected, got: describe(content) })
}

function checkCall(call: ToolCallInput, index: number, position: number): CheckedCall {
  const field = `toolCalls[${position}]`
  if (!isToolName(call?.name)) {
    throw new ChatError({ index, field: `${field}.name`, expected: TOOL_NAME, got: describe(call?.name) })
  }
  const given: unknown = call.arguments
  if (typeof given !== 'string') {
    if (typeof given !== 'object' || given === null) {
      const expected = 'JSON text or an object'
      throw new ChatError({ index, field: `${field}.arguments`, expected, got: describe(given) })
    }
    return { name: call.name, arguments: pythonJson(given, `messages[${index}].${field}.arguments`), given }
  }
  // Many clients send the arguments of a call without arguments as empty text.
  if (given.trim() === '') return { name: call.name, arguments: '{}', given: '{}' }
  try {
    JSON.parse(given)
  } catch (cause) {
    throw new ChatError({
      index,
      field: `${field}.arguments`,
      expected: 'JSON text',
      got: describe(given),
      cause,
    })
  }
  return { name: call.name, arguments: given, given }
}

/** The run of tool results that begins at `start`, in the order of `calls`. */
function takeToolResults(
  messages: readonly ChatMessage[],
  start: number,
  calls: readonly ToolCallInput[],
): CheckedMessage[] {
  const open = calls.map((_, position) => position)
  const results: { position: number; content: string }[] = []
  for (let index = start; messages[index]?.role === 'tool'; index++) {
    const { content, toolCallId } = messages[index] as ToolMessage
    if (open.length === 0) {
      const expected = 'after an assistant message with a tool call that has no result yet'
      throw new ChatError({ index, field: 'role', expected, got: 'a tool result without a call' })
    }
    const at = toolCallId == null ? 0 : open.findIndex((position) => calls[position]?.id === toolCallId)
    const position = open[at] ?? open[open.findIndex((candidate) => calls[candidate]?.id === undefined)]
    if (position === undefined) {
      const expected = `one of ${open.map((candidate) => describe(calls[candidate]?.id)).join(', ')}`
      throw new ChatError({ index, field: 'toolCallId', expected, got: describe(toolCallId) })
    }
    open.splice(open.indexOf(position), 1)
    results.push({ position, content: textContent(content, index) })
  }
  results.sort((a, b) => a.position - b.position)
  return results.map(({ content }) => ({ role: 'tool', content }))
}
