/** A stream, byte by byte. */
import { describe, expect, test } from 'vitest'
import { createApp } from '../app.ts'
import { parseStream, post, question } from '../testing/http.ts'
import { eventsOf, type Piece, scriptedEngine } from '../testing/scripted-engine.ts'

const pieces: readonly Piece[] = [
  { type: 'thinking', text: 'hm' },
  { type: 'text', text: 'I look.' },
  { type: 'broken', name: 'fetch', arguments: '{"url' },
  { type: 'call', name: 'look', arguments: '{"at": "x"}' },
  { type: 'call', name: 'wait', arguments: '' },
]
const tools = ['look', 'wait', 'fetch'].map((name) => ({ type: 'function', function: { name } }))

async function streamOf(changes: object, answer = pieces, keepAliveMilliseconds = 1000): Promise<string> {
  const engine = scriptedEngine(() => eventsOf(answer))
  const app = createApp({ engine, keepAliveMilliseconds })
  const response = await post(app, { ...question, stream: true, tools, ...changes })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  return await response.text()
}

test('role, thinking, text, calls, the end, [DONE]', async () => {
  const text = await streamOf({})
  const id = /"id":"(chatcmpl-[0-9a-f]{32})"/.exec(text)?.[1]
  const created = /"created":(\d+)/.exec(text)?.[1]
  const line = (delta: object, finish: string | null, more = ''): string =>
    `data: {"id":"${id}","created":${created},"model":"scripted","object":"chat.completion.chunk","choices":[{"index":0,` +
    `"delta":${JSON.stringify(delta)},"logprobs":null,"finish_reason":${JSON.stringify(finish)}}]${more}}\n\n`
  const timings =
    ',"timings":{"cache_n":4,"prompt_n":7,"prompt_ms":20,"prompt_per_second":350,"predicted_n":5,"predicted_ms":8,"predicted_per_second":500}'
  const call = (index: number, number: number, name: string, text: string): string =>
    line(
      {
        tool_calls: [{ index, id: `call_${number}`, type: 'function', function: { name, arguments: '' } }],
      },
      null,
    ) + line({ tool_calls: [{ index, function: { arguments: text } }] }, null)
  expect(text).toBe(
    line({ role: 'assistant', content: '' }, null) +
      line({ reasoning_content: 'hm' }, null) +
      line({ content: 'I look.' }, null) +
      // The call that came to nothing is text, and the others count from 0 without it.
      line({ content: 'fetch{"' }, null) +
      line({ content: 'url' }, null) +
      call(0, 1, 'look', '{"at": "x"}') +
      // Clients parse the arguments: none at all is an empty object.
      call(1, 2, 'wait', '{}') +
      line({}, 'tool_calls', timings) +
      'data: [DONE]\n\n',
  )
})

test('usage comes last, and only if asked for', async () => {
  const asked = parseStream(await streamOf({ stream_options: { include_usage: true } }))
  expect(asked.done).toBe(true)
  expect(asked.chunks.at(-1)).toMatchObject({
    choices: [],
    usage: { total_tokens: 16 },
    timings: { prompt_n: 7 },
  })
  for (const chunk of asked.chunks.slice(0, -1)) expect(chunk).toHaveProperty('usage', null)
  const { chunks } = parseStream(await streamOf({}))
  for (const chunk of chunks) expect(chunk).not.toHaveProperty('usage')
})

test('an empty answer still has a role and an end', async () => {
  const { chunks, done } = parseStream(await streamOf({}, []))
  expect(chunks).toMatchObject([
    { choices: [{ delta: { role: 'assistant', content: '' }, finish_reason: null }] },
    { choices: [{ delta: {}, finish_reason: 'stop' }] },
  ])
  expect(done).toBe(true)
})

describe('calls that nobody may make', () => {
  test('without tools a call is text', async () => {
    for (const changes of [{ tools: [] }, { tool_choice: 'none' }, { tools: null }]) {
      const text = await streamOf(changes, [{ type: 'call', name: 'look', arguments: '{"at":1}' }])
      const { chunks } = parseStream(text)
      expect(chunks).toMatchObject([
        {},
        { choices: [{ delta: { content: '{"name": "look", "arguments": {"at":1}}' } }] },
        { choices: [{ finish_reason: 'stop' }] },
      ])
    }
  })

  test('parallel_tool_calls: false leaves the first', async () => {
    const text = await streamOf({ parallel_tool_calls: false })
    expect(text).toContain('"look"')
    expect(text).not.toContain('"wait"')
    expect(text).toContain('"finish_reason":"tool_calls"')
  })
})

test('comments while there is nothing to say, also before the first token', async () => {
  const engine = scriptedEngine(async function* () {
    await new Promise((resolve) => setTimeout(resolve, 120))
    yield { type: 'text-delta', text: 'a' }
    await new Promise((resolve) => setTimeout(resolve, 120))
    yield* eventsOf([{ type: 'text', text: 'b' }])
  })
  const response = await post(createApp({ engine, keepAliveMilliseconds: 20 }), { ...question, stream: true })
  const text = await response.text()
  expect(text).toMatch(/^: keep-alive\n\n/)
  const { comments, chunks, done } = parseStream(text)
  expect(comments).toBeGreaterThanOrEqual(4)
  expect(chunks.length).toBe(4)
  expect(done).toBe(true)
})

test('an error after the first comment is told in the stream, which then ends without [DONE]', async () => {
  const engine = scriptedEngine(async function* () {
    await new Promise((resolve) => setTimeout(resolve, 60))
    yield* []
    throw Object.assign(new Error('words'), { name: 'ContextLengthError', limit: 10, got: 20 })
  })
  const response = await post(createApp({ engine, keepAliveMilliseconds: 20 }), { ...question, stream: true })
  expect(response.status).toBe(200)
  const { chunks, done } = parseStream(await response.text())
  expect(chunks).toMatchObject([
    { error: { code: 'context_length_exceeded', type: 'invalid_request_error' } },
  ])
  expect(done).toBe(false)
})

test('an engine that ends without finishing is a fault, not an answer', async () => {
  const faults: unknown[] = []
  const app = createApp({
    engine: scriptedEngine(() => [{ type: 'text-delta', text: 'half' }]),
    onFault: (error) => faults.push(error),
  })
  expect((await post(app, question)).status).toBe(500)
  const { chunks, done } = parseStream(await (await post(app, { ...question, stream: true })).text())
  expect(chunks.at(-1)).toMatchObject({ error: { code: 'internal_error' } })
  expect(done).toBe(false)
  expect(faults.length).toBe(2)
})

test('a reader that cancels the body ends the answer at once, whatever the engine waits for', async () => {
  const engine = scriptedEngine(async function* ({ signal }) {
    yield { type: 'text-delta', text: 'a' }
    await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
  })
  const response = await post(createApp({ engine }), { ...question, stream: true })
  const reader = response.body?.getReader()
  // The role, then the text; the next step of the engine never comes.
  await reader?.read()
  await reader?.read()
  await new Promise((resolve) => setTimeout(resolve, 10))
  await reader?.cancel()
  expect(engine.asked[0]?.end).toBe('aborted')
})
