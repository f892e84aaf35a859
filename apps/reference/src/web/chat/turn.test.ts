/** Turns of scripted models: what the page would show. */
import {
  type AgentModel,
  defineTool,
  type ScriptedStep,
  scriptedModel,
  type Tool,
} from '@octoscale/agent-tools'
import { expect, test } from 'vitest'
import { type AssistantEntry, answerText, type Entry, messagesOf } from './conversation.ts'
import { runTurn } from './turn.ts'

const add = defineTool({
  name: 'add',
  parameters: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] },
  execute: ({ a }) => String(Number(a) + 1),
})
const asks: Tool = { ...add, name: 'asks', needsApproval: () => true }

async function turn(
  steps: readonly ScriptedStep[] | AgentModel,
  approve = true,
  signal = new AbortController().signal,
) {
  const entries: AssistantEntry[] = []
  await runTurn({
    name: 'm',
    model: typeof steps === 'function' ? steps : scriptedModel(steps),
    tools: async () => [add, asks],
    messages: [{ role: 'user', content: 'q' }],
    signal,
    onChange: (entry) => entries.push(entry),
    approve: async () => approve,
  })
  return { entries, last: entries.at(-1) as AssistantEntry }
}

test('thinking, text and figures', async () => {
  const { last, entries } = await turn([
    { thinking: 'hm', content: 'yes', usage: { promptTokens: 5, completionTokens: 9 } },
  ])
  expect(last).toMatchObject({
    status: 'done',
    steps: [{ thinking: 'hm', text: 'yes', thinkingMilliseconds: expect.any(Number), calls: [] }],
    figures: { promptTokens: 5, completionTokens: 9, lastCompletionTokens: 9 },
  })
  expect(entries[0]).toMatchObject({ status: 'streaming', steps: [] })
  expect(answerText(last)).toBe('yes')
})

test('a call and its result; the conversation it makes is one that models take', async () => {
  const { last } = await turn([
    { content: 'see', calls: [{ name: 'add', arguments: { a: 1 }, id: 'x' }] },
    'it is 2',
  ])
  expect(last.steps[0]?.calls).toMatchObject([
    { name: 'add', status: 'done', result: '2', arguments: '{"a":1}' },
  ])
  expect(messagesOf([{ role: 'user', id: 'u', text: 'q' }, last], 'be brief')).toEqual([
    { role: 'system', content: 'be brief' },
    { role: 'user', content: 'q' },
    { role: 'assistant', content: 'see', toolCalls: [{ id: 'x', name: 'add', arguments: '{"a":1}' }] },
    { role: 'tool', content: '2', toolCallId: 'x' },
    { role: 'assistant', content: 'it is 2' },
  ])
})

test('a question that was never answered is not asked again with the next one', async () => {
  const { last: failed } = await turn([new TypeError('too long')])
  const { last: broken } = await turn(async function* () {
    yield { type: 'text-delta', text: 'Half an' }
    throw new TypeError('no net')
  })
  const question = (text: string): Entry => ({ role: 'user', id: text, text })
  const entries = [question('long'), failed, question('short'), broken, question('next')]
  expect(messagesOf(entries, '').map(({ content }) => content)).toEqual(['short', 'Half an', 'next'])
  // Trying again is another thing: then it is the last word.
  expect(messagesOf([question('long')], '')).toHaveLength(1)
})

test('ids that come again in a later answer do not mix up calls', async () => {
  const call = (a: number) => ({ calls: [{ name: 'add', arguments: { a }, id: 'call_0' }] })
  const { last } = await turn([call(1), call(2), 'done'])
  expect(last.steps.map((step) => step.calls[0]?.result)).toEqual(['2', '3', undefined])
})

test.each([
  [true, 'done', '2'],
  [false, 'denied', expect.any(String)],
] as const)('a call that waits for a person: allowed is %s', async (approve, status, result) => {
  const { entries, last } = await turn(
    [{ calls: [{ name: 'asks', arguments: '{"a":5,"a":1}' }] }, 'ok'],
    approve,
  )
  const waiting = entries.find((entry) => entry.steps[0]?.calls[0]?.status === 'waiting')
  // Of a name that stands twice the tool gets the last, and that is what the person is shown.
  expect(waiting?.steps[0]?.calls[0]?.asked).toBe('{"a":1}')
  expect(last.steps[0]?.calls[0]).toMatchObject({ status, result })
})

test('an unknown tool and bad arguments are failed calls, and the model goes on', async () => {
  const { last } = await turn([
    { calls: [{ name: 'fly' }, { name: 'add', arguments: '{"a":"x"}' }] },
    'sorry',
  ])
  expect(last.steps[0]?.calls.map((call) => call.status)).toEqual(['failed', 'failed'])
  expect(last.status).toBe('done')
})

test('a model that fails, one that is cut, one that never ends', async () => {
  expect((await turn([new TypeError('no net')])).last).toMatchObject({
    status: 'failed',
    error: { name: 'TypeError', message: 'no net' },
  })
  expect((await turn([{ content: 'a', finishReason: 'length' }])).last.status).toBe('length')
  const loop = Array.from({ length: 20 }, (_, a) => ({ calls: [{ name: 'add', arguments: { a } }] }))
  expect((await turn(loop)).last.status).toBe('steps')
})

test('an abort keeps what came', async () => {
  const controller = new AbortController()
  async function* slow({ signal }: Parameters<AgentModel>[0]): ReturnType<AgentModel> {
    yield { type: 'text-delta', text: 'begun' }
    controller.abort()
    signal.throwIfAborted()
  }
  const { last } = await turn(slow, true, controller.signal)
  expect(last).toMatchObject({ status: 'stopped', steps: [{ text: 'begun' }] })
})

test('tools that cannot be loaded are a failed turn', async () => {
  let last: AssistantEntry | undefined
  await runTurn({
    name: 'm',
    model: scriptedModel([]),
    tools: () => Promise.reject(new TypeError('offline')),
    messages: [],
    signal: new AbortController().signal,
    onChange: (entry) => {
      last = entry
    },
    approve: async () => true,
  })
  expect(last).toMatchObject({ status: 'failed', error: { message: 'offline' } })
})
