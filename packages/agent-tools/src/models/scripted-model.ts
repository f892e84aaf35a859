/** A model that plays what it is given: for tests and examples of agents. */
import { ModelError } from '../errors.ts'
import type { AgentModel, ModelEvent, ModelRequest, ModelResult, ModelUsage } from '../types.ts'

/** One answer. Text alone is an answer with that content. */
export type ScriptedStep =
  | string
  | {
      readonly thinking?: string
      readonly content?: string
      /** `arguments`: JSON text as it is, or data to be written as JSON. Ids are made up where they are left out. */
      readonly calls?: readonly {
        readonly name: string
        readonly arguments?: unknown
        readonly id?: string
      }[]
      /** Default: `tool-calls` with calls, otherwise `stop`. */
      readonly finishReason?: ModelResult['finishReason']
      readonly usage?: ModelUsage
    }
  /** Thrown instead of an answer. */
  | Error

export interface ScriptedModel extends AgentModel {
  /** What the model was asked, in order. */
  readonly requests: readonly ModelRequest[]
}

/**
 * Plays `steps`, one for each request, and records the requests. It checks nothing itself. A request after the last
 * step throws a `ModelError`.
 */
export function scriptedModel(steps: readonly ScriptedStep[]): ScriptedModel {
  const requests: ModelRequest[] = []
  async function* answer(request: ModelRequest): AsyncGenerator<ModelEvent, void> {
    const index = requests.push(request) - 1
    const step = steps[index]
    if (step === undefined) {
      throw new ModelError({
        kind: 'protocol',
        problem: `the script has ${steps.length} steps, this is one more`,
      })
    }
    if (step instanceof Error) throw step
    request.signal.throwIfAborted()
    const result = toResult(typeof step === 'string' ? { content: step } : step, index)
    if (result.thinking !== '') yield { type: 'thinking-delta', text: result.thinking }
    if (result.content !== '') yield { type: 'text-delta', text: result.content }
    yield { type: 'finish', result }
  }
  return Object.assign(answer, { requests })
}

function toResult(step: Exclude<ScriptedStep, string | Error>, index: number): ModelResult {
  const { thinking = '', content = '', calls = [], finishReason, usage } = step
  return {
    thinking,
    content,
    toolCalls: calls.map((call, position) => ({
      id: call.id ?? `call_${index + 1}_${position + 1}`,
      name: call.name,
      arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments ?? {}),
    })),
    finishReason: finishReason ?? (calls.length > 0 ? 'tool-calls' : 'stop'),
    ...(usage === undefined ? {} : { usage }),
  }
}
