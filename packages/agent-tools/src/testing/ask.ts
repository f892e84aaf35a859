/** What tests of models share. */
import type { AgentModel, ModelEvent, ModelRequest } from '../types.ts'

export const user: ModelRequest['messages'] = [{ role: 'user', content: 'hi' }]

/** All events of one request. */
export async function ask(model: AgentModel, request: Partial<ModelRequest> = {}): Promise<ModelEvent[]> {
  const events: ModelEvent[] = []
  const all = { messages: user, tools: [], signal: new AbortController().signal, ...request }
  for await (const event of model(all)) events.push(event)
  return events
}

export const json: Readonly<Record<string, string>> = { 'content-type': 'application/json' }
export const eventStream: Readonly<Record<string, string>> = { 'content-type': 'text/event-stream' }
