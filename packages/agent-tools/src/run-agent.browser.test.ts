import { expect, test } from 'vitest'
import { defineTool, openAiModel, runAgent, scriptedModel } from './index.ts'

const add = defineTool({
  name: 'add',
  parameters: {
    type: 'object',
    properties: {
      a: { type: 'number' },
      b: { type: 'number' },
      unit: { type: 'string', pattern: '^[a-z]+$' },
    },
    required: ['a', 'b'],
  },
  execute: ({ a, b }: { a: number; b: number }) => a + b,
})

test('an agent runs in a page', async () => {
  const model = scriptedModel([
    { calls: [{ name: 'add', arguments: { a: 1, b: 2, unit: '5' } }] },
    { calls: [{ name: 'add', arguments: { a: 1, b: 2, unit: 'm' } }] },
    'three',
  ])
  const run = runAgent({ model, tools: [add], messages: 'go' })
  const types: string[] = []
  for await (const { type } of run) types.push(type)
  const rounds = ['step', 'tool-call', 'tool-result', 'step', 'tool-call', 'tool-result']
  expect(types).toEqual([...rounds, 'step', 'text', 'finish'])
  const { content, messages } = await run.result()
  expect(content).toBe('three')
  expect(messages.flatMap((message) => (message.role === 'tool' ? [message.content] : []))).toEqual([
    'Error: The arguments do not fit:\n- unit: must match "^[a-z]+$", got "5"\nCall again with arguments that fit.',
    '3',
  ])
})

test('an answer over fetch, as a page reads it', async () => {
  const chunk = { choices: [{ index: 0, delta: { content: 'hé' }, finish_reason: 'stop' }] }
  const body = new Blob([`data: ${JSON.stringify(chunk)}\r\n\r\ndata: [DONE]`], { type: 'text/event-stream' })
  const model = openAiModel({
    baseUrl: 'https://127.0.0.1/v1',
    model: 'm',
    fetch: async () => new Response(body),
  })
  expect((await runAgent({ model, messages: 'go' }).result()).content).toBe('hé')
})

test('without a fetch of its own it uses the page’s, bound to the page', async () => {
  // Nobody listens there: what matters is that `fetch` itself was called.
  const model = openAiModel({ baseUrl: 'http://127.0.0.1:9/v1', model: 'm' })
  const { error } = await runAgent({ model, messages: 'go' }).result()
  expect(error).toMatchObject({
    kind: 'network',
    message: 'cannot reach http://127.0.0.1:9: Failed to fetch',
  })
})
