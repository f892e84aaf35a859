/** The whole way: the official client, a socket, the embedded model. */
import { octoTiny } from '@octoscale/octo-tiny'
import { type Llm, load } from 'octoscale'
import OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveApp } from './testing/http.ts'

let llm: Llm
beforeAll(async () => {
  llm = await load(octoTiny, { backend: 'wasm' })
})
afterAll(() => llm.dispose())

async function client(): Promise<OpenAI> {
  const { url } = await serveApp({ engine: llm })
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any', maxRetries: 0 })
}
const common = { model: 'octo-tiny', temperature: 0 } as const

test('the same answer as the facade, plain and streamed, with and without thinking', async () => {
  const openai = await client()
  for (const [content, effort] of [
    ['What is the largest E4M3 value?', 'none'],
    ['What is 12 + 34?', 'high'],
  ] as const) {
    const messages = [{ role: 'user' as const, content }]
    const direct = await llm.chat({ messages, temperature: 0, thinking: effort !== 'none' }).result()
    const request = { ...common, messages, reasoning_effort: effort }
    const plain = await openai.chat.completions.create(request)
    const streamed = await openai.chat.completions.stream(request).finalChatCompletion()
    for (const { choices } of [plain, streamed]) {
      expect(choices[0]?.message.content).toBe(direct.content)
      expect(choices[0]?.finish_reason).toBe('stop')
    }
    expect(plain.choices[0]?.message).toMatchObject(
      direct.thinking === '' ? {} : { reasoning_content: direct.thinking },
    )
    expect(plain.usage?.completion_tokens).toBe(direct.usage.completionTokens)
    expect(plain.usage?.prompt_tokens).toBe(direct.usage.promptTokens)
  }
})

test('a tool round trip', async () => {
  const openai = await client()
  const cities: unknown[] = []
  const runner = openai.chat.completions.runTools({
    ...common,
    messages: [{ role: 'user', content: 'What is the weather in Hamburg?' }],
    tools: [
      {
        type: 'function',
        function: {
          name: 'get_weather',
          description: 'Get the current weather in a city.',
          parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
          parse: JSON.parse,
          function: ({ city }: { city: string }) => {
            cities.push(city)
            return '{"weather": "17 C, windy"}'
          },
        },
      },
    ],
  })
  expect(await runner.finalContent()).toContain('17')
  expect(cities).toEqual(['Hamburg'])
})

test('stop strings, the token limit, and what the cache held', async () => {
  const openai = await client()
  const messages = [{ role: 'user' as const, content: 'What is 12 + 34?' }]
  const stopped = await openai.chat.completions.create({ ...common, messages, stop: '=' })
  expect(stopped.choices[0]).toMatchObject({ message: { content: '12 + 34 ' }, finish_reason: 'stop' })
  const cut = await openai.chat.completions.create({ ...common, messages, max_tokens: 2 })
  expect(cut.choices[0]?.finish_reason).toBe('length')
  expect(cut.usage?.completion_tokens).toBe(2)
  // A few tokens are computed again rather than looked up.
  const content = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen'
  const long = { ...common, messages: [{ role: 'user' as const, content }], max_tokens: 2 }
  await openai.chat.completions.create(long)
  const again = await openai.chat.completions.create(long)
  expect(again.usage?.prompt_tokens_details?.cached_tokens).toBe((again.usage?.prompt_tokens ?? 0) - 1)
})

test('a forced tool, and JSON of a schema', async () => {
  const openai = await client()
  const parameters = {
    type: 'object',
    properties: { n: { type: 'integer' } },
    required: ['n'],
    additionalProperties: false,
  }
  const messages = [{ role: 'user' as const, content: 'What is 12 + 34?' }]
  const tools = [{ type: 'function' as const, function: { name: 'count', parameters } }]
  for (const tool_choice of [
    'required' as const,
    { type: 'function' as const, function: { name: 'count' } },
  ]) {
    const { choices } = await openai.chat.completions.create({
      ...common,
      messages,
      tools,
      tool_choice,
      max_tokens: 100,
    })
    expect(choices[0]?.finish_reason).toBe('tool_calls')
    const [call] = choices[0]?.message.tool_calls ?? []
    expect(call?.type === 'function' && JSON.parse(call.function.arguments)).toEqual({
      n: expect.any(Number),
    })
  }
  const format = { type: 'json_schema' as const, json_schema: { name: 'sum', schema: parameters } }
  const { choices } = await openai.chat.completions.create({ ...common, messages, response_format: format })
  expect(JSON.parse(choices[0]?.message.content ?? '')).toEqual({ n: expect.any(Number) })
})

test('a schema that nothing fits is the caller’s fault', async () => {
  const openai = await client()
  const messages = [{ role: 'user' as const, content: 'Hello' }]
  const schema = { type: 'object', properties: { a: false }, required: ['a'] }
  const response_format = { type: 'json_schema' as const, json_schema: { name: 'never', schema } }
  await expect(
    openai.chat.completions.create({ ...common, messages, response_format }),
  ).rejects.toMatchObject({
    status: 400,
    param: 'response_format',
  })
})

test('a conversation that does not fit', async () => {
  const openai = await client()
  const messages = [{ role: 'user' as const, content: 'word '.repeat(llm.info.contextLength) }]
  for (const stream of [false, true]) {
    await expect(openai.chat.completions.create({ ...common, messages, stream })).rejects.toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
    })
  }
})

test('a conversation that is none, as the tokenizer finds it', async () => {
  const openai = await client()
  const messages = [{ role: 'tool' as const, tool_call_id: 'x', content: 'y' }]
  await expect(openai.chat.completions.create({ ...common, messages })).rejects.toMatchObject({
    status: 400,
    param: 'messages[0].role',
  })
})

test('two at once: both are answered, one after the other', async () => {
  const openai = await client()
  const ask = (content: string) =>
    openai.chat.completions.create({ ...common, messages: [{ role: 'user', content }] })
  const [a, b] = await Promise.all([ask('What is 12 + 34?'), ask('What is 40 + 2?')])
  expect(a.choices[0]?.message.content).toContain('46')
  expect(b.choices[0]?.message.content).toContain('42')
})
