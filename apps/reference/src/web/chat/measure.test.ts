import type { AgentModel, ModelResult } from '@octoscale/agent-tools'
import { expect, test } from 'vitest'
import { measureModel } from './measure.ts'

/** A clock that a scripted answer moves: `delays` before each event, then the result. */
function timed(delays: readonly number[], usage: ModelResult['usage']) {
  let time = 1000
  const model: AgentModel = async function* () {
    for (const delay of delays) {
      time += delay
      yield { type: 'text-delta', text: 'x' }
    }
    const result = { content: 'x', thinking: '', toolCalls: [], finishReason: 'stop', usage } as const
    yield { type: 'finish', result }
  }
  const measured = measureModel(model, () => time)
  const run = async (): Promise<void> => {
    const request = { messages: [], tools: [], signal: new AbortController().signal }
    for await (const _ of measured.model(request));
  }
  return { measured, run }
}

test('speed is tokens after the first over the time since the first', async () => {
  const { measured, run } = timed([200, 25, 25, 25, 25], { promptTokens: 10, completionTokens: 5 })
  await run()
  expect(measured.figures()).toEqual({
    promptTokens: 10,
    lastCompletionTokens: 5,
    completionTokens: 5,
    firstTokenMilliseconds: 200,
    tokensPerSecond: 40,
  })
  // A second answer adds its tokens and time; the wait that counts is the first.
  await run()
  expect(measured.figures()).toMatchObject({
    completionTokens: 10,
    firstTokenMilliseconds: 200,
    tokensPerSecond: 40,
  })
})

test('no figures without counts, no speed from too few tokens', async () => {
  const uncounted = timed([1], undefined)
  await uncounted.run()
  expect(uncounted.measured.figures()).toBeUndefined()
  const short = timed([1, 1], { promptTokens: 1, completionTokens: 2 })
  await short.run()
  expect(short.measured.figures()).not.toHaveProperty('tokensPerSecond')
})
