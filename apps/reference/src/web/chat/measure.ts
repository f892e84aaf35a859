/** Timing of a model from outside, the same way for every model: what a person waits for. */
import type { AgentModel, ModelResult } from '@octoscale/agent-tools'
import type { TurnFigures } from './conversation.ts'

export interface Measured {
  readonly model: AgentModel
  /** Of the answers so far; undefined before the first has ended or when the model counts no tokens. */
  figures(): TurnFigures | undefined
}

/** Between first and last token lie `completionTokens - 1` tokens; fewer than this say nothing about speed. */
const leastTokens = 4

export function measureModel(model: AgentModel, now: () => number = () => performance.now()): Measured {
  let firstTokenMilliseconds: number | undefined
  let completionTokens = 0
  let timedTokens = 0
  let decodeMilliseconds = 0
  let last: ModelResult['usage']

  return {
    async *model(request) {
      const startedAt = now()
      let firstAt: number | undefined
      for await (const event of model(request)) {
        firstAt ??= now()
        firstTokenMilliseconds ??= firstAt - startedAt
        if (event.type === 'finish' && event.result.usage !== undefined) {
          last = event.result.usage
          completionTokens += last.completionTokens
          timedTokens += Math.max(0, last.completionTokens - 1)
          decodeMilliseconds += now() - firstAt
        }
        yield event
      }
    },
    figures() {
      if (last === undefined || firstTokenMilliseconds === undefined) return undefined
      return {
        promptTokens: last.promptTokens,
        lastCompletionTokens: last.completionTokens,
        completionTokens,
        firstTokenMilliseconds,
        ...(timedTokens < leastTokens || decodeMilliseconds <= 0
          ? {}
          : { tokensPerSecond: (timedTokens / decodeMilliseconds) * 1000 }),
      }
    },
  }
}
