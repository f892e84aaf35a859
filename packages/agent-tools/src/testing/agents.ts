/** What the tests of the loop share. */
import { defineTool } from '../define-tool.ts'
import { type AgentOptions, runAgent } from '../index.ts'
import { scriptedModel } from '../models/scripted-model.ts'
import type { AgentEvent, Tool } from '../types.ts'

export const add: Tool = defineTool({
  name: 'add',
  description: 'adds',
  parameters: {
    type: 'object',
    properties: { a: { type: 'number' }, b: { type: 'number' } },
    required: ['a', 'b'],
  },
  execute: ({ a, b }: { a: number; b: number }) => a + b,
})
export const hang: Tool = defineTool({ name: 'hang', execute: () => new Promise(() => {}) })

export async function collect(run: AsyncIterable<AgentEvent>): Promise<AgentEvent[]> {
  const events: AgentEvent[] = []
  for await (const event of run) events.push(event)
  return events
}

/** The tool messages of a run that makes these calls in one answer. */
export async function results(
  tools: readonly Tool[],
  calls: readonly { name: string; arguments?: unknown }[],
  options: Partial<AgentOptions> = {},
): Promise<string[]> {
  const model = scriptedModel([{ calls }, 'done'])
  const { messages } = await runAgent({ model, tools, messages: 'go', ...options }).result()
  return messages.filter((message) => message.role === 'tool').map((message) => message.content)
}
