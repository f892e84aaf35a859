/** One turn: the agent run that answers a question, as an entry that changes. */
import { type AgentMessage, type AgentModel, runAgent, type Tool } from '@octoscale/agent-tools'
import { applyEvent, changeCall } from './apply-event.ts'
import type { AssistantEntry } from './conversation.ts'
import { failureOf } from './failure.ts'
import { measureModel } from './measure.ts'

export interface TurnOptions {
  /** Name of the model, for people. */
  readonly name: string
  readonly model: AgentModel
  readonly tools: () => Promise<readonly Tool[]>
  readonly messages: readonly AgentMessage[]
  readonly signal: AbortSignal
  /** Hears each new state of the turn; the last one is not `streaming`. */
  readonly onChange: (entry: AssistantEntry) => void
  /** Whether a call may run that needs a person's word. */
  readonly approve: (callId: string, signal: AbortSignal) => Promise<boolean>
}

/** Never throws: a fault is the status `failed`. */
export async function runTurn(options: TurnOptions): Promise<void> {
  const { signal } = options
  const measured = measureModel(options.model)
  let entry: AssistantEntry = {
    role: 'assistant',
    id: crypto.randomUUID(),
    model: options.name,
    status: 'streaming',
    steps: [],
  }
  const change = (next: AssistantEntry): void => {
    entry = next
    options.onChange(entry)
  }
  const end = (last: AssistantEntry): void => {
    const figures = measured.figures()
    change(figures === undefined ? last : { ...last, figures })
  }
  change(entry)
  try {
    let stepStartedAt = performance.now()
    const run = runAgent({
      model: measured.model,
      tools: await options.tools(),
      messages: options.messages,
      signal,
      async approve(call, _tool, context) {
        const asked = JSON.stringify(context.input)
        change(changeCall(entry, call.id, (one) => ({ ...one, status: 'waiting', asked })))
        const approved = await options.approve(call.id, context.signal)
        const status = approved ? 'running' : 'denied'
        change(changeCall(entry, call.id, (one) => ({ ...one, status })))
        return approved
      },
    })
    for await (const event of run) {
      if (event.type === 'step') stepStartedAt = performance.now()
      const next = applyEvent(entry, event, performance.now() - stepStartedAt)
      if (event.type === 'finish') end(next)
      else change(next)
    }
  } catch (error) {
    end({ ...entry, status: signal.aborted ? 'stopped' : 'failed', error: failureOf(error) })
  }
}
