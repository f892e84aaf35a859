import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { defineTool } from './define-tool.ts'
import { AgentOptionError, AgentStateError, ModelError } from './errors.ts'
import { scriptedModel } from './models/scripted-model.ts'
import { runAgent } from './run-agent.ts'
import { add, collect, results } from './testing/agents.ts'
import type { AgentMessage, AgentModel } from './types.ts'

describe('events and result', () => {
  test('come in the documented order', async () => {
    const model = scriptedModel([
      { thinking: 'hm', content: 'let me see', calls: [{ name: 'add', arguments: { a: 1, b: 2 }, id: 'x' }] },
      { content: 'three', usage: { promptTokens: 7, completionTokens: 2 } },
    ])
    const run = runAgent({ model, tools: [add], messages: 'What is 1 + 2?' })
    const call = { id: 'x', name: 'add', arguments: '{"a":1,"b":2}' }
    const messages: AgentMessage[] = [
      { role: 'assistant', content: 'let me see', thinking: 'hm', toolCalls: [call] },
      { role: 'tool', toolCallId: 'x', content: '3' },
      { role: 'assistant', content: 'three' },
    ]
    const result = {
      reason: 'stop',
      content: 'three',
      messages,
      steps: 2,
      usage: { promptTokens: 7, completionTokens: 2 },
    }
    expect(await collect(run)).toEqual([
      { type: 'step', step: 1 },
      { type: 'thinking', step: 1, text: 'hm' },
      { type: 'text', step: 1, text: 'let me see' },
      { type: 'tool-call', step: 1, call },
      {
        type: 'tool-result',
        step: 1,
        result: { call, content: '3', isError: false, milliseconds: expect.any(Number) },
      },
      { type: 'step', step: 2 },
      { type: 'text', step: 2, text: 'three' },
      { type: 'finish', result },
    ])
    expect(await run.result()).toEqual(result)
    expect(model.requests[1]?.messages).toEqual([
      { role: 'user', content: 'What is 1 + 2?' },
      ...messages.slice(0, 2),
    ])
    expect(model.requests[0]?.tools).toEqual([
      { name: 'add', description: 'adds', parameters: add.parameters },
    ])
  })

  test('nothing runs before it is asked for, and it can be iterated once', async () => {
    const model = scriptedModel(['hello'])
    const run = runAgent({ model, messages: 'hi' })
    await sleep(5)
    expect(model.requests).toEqual([])
    expect((await run.result()).content).toBe('hello')
    expect(model.requests).toHaveLength(1)
    await expect(collect(run)).rejects.toThrow(AgentStateError)
  })

  test('results are reported as they come, and placed in the order of the calls', async () => {
    const wait = defineTool({
      name: 'wait',
      parameters: { type: 'object', properties: { for: { type: 'number' } } },
      execute: async (input) => {
        await sleep(Number(input.for))
        return `waited ${input.for}`
      },
    })
    const model = scriptedModel([
      { calls: [60, 5].map((ms) => ({ name: 'wait', arguments: { for: ms } })) },
      'done',
    ])
    const run = runAgent({ model, tools: [wait], messages: 'go' })
    const events = await collect(run)
    const reported = events.flatMap((event) => (event.type === 'tool-result' ? [event.result.content] : []))
    expect(reported).toEqual(['waited 5', 'waited 60'])
    const placed = (await run.result()).messages.flatMap((m) => (m.role === 'tool' ? [m.content] : []))
    expect(placed).toEqual(['waited 60', 'waited 5'])
  })

  test('at most maxParallel calls run at once', async () => {
    let running = 0
    let most = 0
    const busy = defineTool({
      name: 'busy',
      execute: async () => {
        most = Math.max(most, ++running)
        await sleep(3)
        running--
      },
    })
    const calls = Array.from({ length: 9 }, () => ({ name: 'busy' }))
    expect(await results([busy], calls, { maxParallel: 3 })).toHaveLength(9)
    expect(most).toBe(3)
  })

  test('ids that are missing or used twice are replaced', async () => {
    const calls = ['', 'same', 'same', ''].map((id) => ({ name: 'add', arguments: { a: 1, b: 1 }, id }))
    const model = scriptedModel([{ calls }, { calls }, 'done'])
    const { messages } = await runAgent({ model, tools: [add], messages: 'go' }).result()
    const made = messages.flatMap((m) =>
      m.role === 'assistant' ? (m.toolCalls ?? []).map(({ id }) => id) : [],
    )
    expect(new Set(made).size).toBe(8)
    expect(messages.flatMap((m) => (m.role === 'tool' ? [m.toolCallId] : []))).toEqual(made)
  })
})

describe('faults of the model', () => {
  test('an error is an event and a reason', async () => {
    const error = new ModelError({ kind: 'status', problem: 'no', status: 500 })
    const model = scriptedModel([{ calls: [{ name: 'add', arguments: { a: 1, b: 2 } }] }, error])
    const run = runAgent({ model, tools: [add], messages: 'go' })
    const events = await collect(run)
    expect(events.slice(-2)).toMatchObject([
      { type: 'error', step: 2, error },
      { type: 'finish', result: { reason: 'error', error, steps: 1, content: '' } },
    ])
    expect((await run.result()).messages.map(({ role }) => role)).toEqual(['assistant', 'tool'])
  })

  test.each<[string, AgentModel, string]>([
    ['no finish', async function* () {}, 'without a finish event'],
    [
      'throws at once',
      () => {
        throw new ModelError({ kind: 'protocol', problem: 'at once' })
      },
      'at once',
    ],
    [
      'no result',
      async function* () {
        yield { type: 'finish', result: undefined as never }
      },
      'text as content',
    ],
    [
      'no calls',
      async function* () {
        yield { type: 'finish', result: { content: '', thinking: '' } as never }
      },
      'a list as toolCalls',
    ],
    [
      'bad calls',
      async function* () {
        yield {
          type: 'finish',
          result: { content: '', thinking: '', toolCalls: [{ id: 1 }], finishReason: 'stop' } as never,
        }
      },
      'calls of text id',
    ],
    ['not iterable', () => 5 as never, 'not a function'],
  ])('%s', async (_, model, problem) => {
    const { reason, error } = await runAgent({ model, messages: 'go' }).result()
    expect(reason).toBe('error')
    expect(String(error)).toContain(problem)
  })

  test('stop with calls runs them; tool-calls without calls stops', async () => {
    const model = scriptedModel([
      { calls: [{ name: 'add', arguments: { a: 1, b: 2 } }], finishReason: 'stop' },
      { content: 'three', finishReason: 'tool-calls' },
    ])
    expect(await runAgent({ model, tools: [add], messages: 'go' }).result()).toMatchObject({
      reason: 'stop',
      steps: 2,
    })
  })

  test('calls of an answer that was cut off do not run', async () => {
    const model = scriptedModel([
      { calls: [{ name: 'add', arguments: { a: 1, b: 2 } }], finishReason: 'length' },
    ])
    const { reason, messages } = await runAgent({ model, tools: [add], messages: 'go' }).result()
    expect(reason).toBe('length')
    expect(messages[1]?.content).toBe(
      'Error: not run, because the answer was cut off at its limit of tokens.',
    )
  })
})

test.each<[string, Record<string, unknown>]>([
  ['model', { model: 5 }],
  ['messages', { messages: [] }],
  ['messages[0].role', { messages: [{ role: 'boss', content: '' }] }],
  ['messages[0].content', { messages: [{ role: 'user' }] }],
  ['tools[0]', { tools: [{ name: 'x' }] }],
  ['tools[1].name', { tools: [add, add] }],
  ['maxSteps', { maxSteps: 0 }],
  ['maxToolCalls', { maxToolCalls: -1 }],
  ['maxParallel', { maxParallel: 1.5 }],
  ['maxMilliseconds', { maxMilliseconds: Number.NaN }],
  ['maxResultLength', { maxResultLength: 10 }],
  ['approve', { approve: true }],
  ['signal', { signal: {} }],
])('option %s is checked', (option, options) => {
  const all = { model: scriptedModel([]), messages: 'x', ...options }
  let thrown: unknown
  try {
    runAgent(all as never)
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(AgentOptionError)
  expect(thrown).toMatchObject({ option })
})
