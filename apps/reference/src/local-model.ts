/** A loaded model as the model of an agent. */
import type { AgentModel } from '@octoscale/agent-tools'
import type { ChatOptions, ChatResult, Llm } from 'octoscale'

/** `results` collects each answer with its figures. */
export function localModel(
  llm: Llm,
  options: Omit<ChatOptions, 'messages' | 'tools' | 'signal'>,
  results: ChatResult[] = [],
): AgentModel {
  return async function* answer(request) {
    for await (const event of llm.chat({ ...options, ...request })) {
      if (event.type === 'finish') results.push(event.result)
      yield event
    }
  }
}
