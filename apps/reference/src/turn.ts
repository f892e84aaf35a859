/** One question to the model, with the tool calls it makes on the way to its answer. */
import type { ChatEvent, ChatMessage, ChatOptions, ChatResult, Llm } from 'octoscale'
import { runTool, type Tool } from './tools.ts'

export interface Turn {
  /** What to add to the conversation: the answers and tool results in order. */
  readonly messages: readonly ChatMessage[]
  /** One per model call; the last one is the answer. */
  readonly results: readonly ChatResult[]
}

/** A model that goes on calling tools is stopped after so many rounds. */
const maxToolRounds = 8

/** Tells what happens as it happens. */
export interface TurnListener {
  onEvent?(event: ChatEvent): void
  onToolResult?(name: string, content: string): void
}

export async function runTurn(
  llm: Llm,
  messages: readonly ChatMessage[],
  options: Omit<ChatOptions, 'messages' | 'tools'> & { readonly tools: readonly Tool[] },
  listener: TurnListener = {},
): Promise<Turn> {
  const added: ChatMessage[] = []
  const results: ChatResult[] = []
  for (let round = 0; ; round++) {
    const reply = llm.chat({ ...options, messages: [...messages, ...added] })
    for await (const event of reply) listener.onEvent?.(event)
    const result = await reply.result()
    results.push(result)
    added.push({ role: 'assistant', content: result.content, toolCalls: result.toolCalls })
    if (result.finishReason !== 'tool-calls' || round === maxToolRounds) break
    for (const call of result.toolCalls) {
      const content = runTool(options.tools, call.name, call.arguments)
      listener.onToolResult?.(call.name, content)
      added.push({ role: 'tool', content, toolCallId: call.id })
    }
  }
  return { messages: added, results }
}
