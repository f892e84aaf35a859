/** The server as the official client sees it, over a socket. */
import OpenAI, { APIError } from 'openai'
import { describe, expect, test } from 'vitest'
import { serveApp } from '../testing/http.ts'
import { eventsOf, namedError, type Piece, type Script, scriptedEngine } from '../testing/scripted-engine.ts'

const messages = [{ role: 'user', content: 'What is 2 + 3?' }] as const
const weather: Piece = { type: 'call', name: 'get_weather', arguments: '{"city": "Hamburg"}' }
const tools = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      parameters: { type: 'object', properties: { city: { type: 'string' } } },
    },
  },
] as const

async function start(script: Script) {
  const engine = scriptedEngine(script)
  const { url } = await serveApp({ engine })
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any', maxRetries: 0 })
  return { engine, client }
}

const answer: readonly Piece[] = [
  { type: 'thinking', text: 'Two and three make five.' },
  { type: 'text', text: 'It is 5.' },
]

describe('answers', () => {
  test('plain', async () => {
    const { client, engine } = await start(() => eventsOf(answer))
    const completion = await client.chat.completions.create({
      model: 'scripted',
      messages: [...messages],
      reasoning_effort: 'high',
      max_completion_tokens: 50,
      seed: 7,
      stop: ['END'],
      user: 'me',
      store: true,
      metadata: { a: 'b' },
    })
    const [choice] = completion.choices
    expect(choice?.message).toMatchObject({
      role: 'assistant',
      content: 'It is 5.',
      reasoning_content: 'Two and three make five.',
    })
    expect(choice?.finish_reason).toBe('stop')
    expect(completion.usage).toEqual({
      prompt_tokens: 11,
      completion_tokens: 5,
      total_tokens: 16,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: {
        reasoning_tokens: 2,
        accepted_prediction_tokens: 3,
        rejected_prediction_tokens: 1,
      },
    })
    expect(completion).toMatchObject({
      timings: { cache_n: 4, prompt_n: 7, prompt_per_second: 350, predicted_n: 5, predicted_per_second: 500 },
    })
    expect(engine.asked[0]?.options).toMatchObject({
      messages: [{ role: 'user', content: 'What is 2 + 3?' }],
      thinking: true,
      maxTokens: 50,
      seed: 7,
      stop: ['END'],
    })
  })

  test('streamed', async () => {
    const { client } = await start(() => eventsOf(answer))
    const stream = await client.chat.completions.create({
      model: 'scripted',
      messages: [...messages],
      stream: true,
      stream_options: { include_usage: true },
    })
    let content = ''
    const usages = []
    for await (const chunk of stream) {
      content += chunk.choices[0]?.delta.content ?? ''
      usages.push(chunk.usage)
    }
    expect(content).toBe('It is 5.')
    expect(usages.pop()).toMatchObject({ total_tokens: 16 })
    expect(new Set(usages)).toEqual(new Set([null]))
  })

  test('the stream helper gives the same message', async () => {
    const { client } = await start(() => eventsOf([...answer, weather, weather]))
    const stream = client.chat.completions.stream({
      model: 'scripted',
      messages: [...messages],
      tools: [...tools],
    })
    const final = await stream.finalChatCompletion()
    expect(final.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        role: 'assistant',
        content: 'It is 5.',
        tool_calls: [
          { type: 'function', function: { name: 'get_weather', arguments: '{"city": "Hamburg"}' } },
          { type: 'function', function: { name: 'get_weather', arguments: '{"city": "Hamburg"}' } },
        ],
      },
    })
  })

  test('a round trip with runTools', async () => {
    const { client, engine } = await start(({ messages: asked }) =>
      eventsOf(asked.length === 1 ? [weather] : [{ type: 'text', text: 'Windy.' }]),
    )
    const cities: unknown[] = []
    const runner = client.chat.completions.runTools({
      model: 'scripted',
      messages: [...messages],
      stream: true,
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_weather',
            description: 'The weather in a city.',
            parameters: { type: 'object', properties: { city: { type: 'string' } } },
            parse: JSON.parse,
            function: ({ city }: { city: string }) => {
              cities.push(city)
              return 'windy'
            },
          },
        },
      ],
    })
    expect(await runner.finalContent()).toBe('Windy.')
    expect(cities).toEqual(['Hamburg'])
    expect(engine.asked[1]?.options.messages).toEqual([
      { role: 'user', content: 'What is 2 + 3?' },
      {
        role: 'assistant',
        content: '',
        toolCalls: [{ id: 'call_0', name: 'get_weather', arguments: '{"city": "Hamburg"}' }],
      },
      { role: 'tool', content: 'windy', toolCallId: 'call_0' },
    ])
    expect(engine.asked[1]?.options.tools).toMatchObject([{ name: 'get_weather' }])
  })

  test('the model list', async () => {
    const { client } = await start(() => [])
    const models = await client.models.list()
    expect(models.data).toMatchObject([{ id: 'scripted', object: 'model', context_length: 4096 }])
    expect(await client.models.retrieve('scripted')).toMatchObject({ max_model_len: 4096 })
    await expect(client.models.retrieve('a/b')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    })
  })

  test('an abort by the client reaches the engine', async () => {
    const { client, engine } = await start(async function* ({ signal }) {
      for (;;) {
        yield { type: 'text-delta', text: 'again ' }
        await new Promise((resolve) => setTimeout(resolve, 5))
        signal?.throwIfAborted()
      }
    })
    const stream = await client.chat.completions.create({
      model: 'scripted',
      messages: [...messages],
      stream: true,
    })
    for await (const _ of stream) break
    await expect.poll(() => engine.asked[0]?.end).toBe('aborted')
  })
})

describe('errors', () => {
  const failing = (error: unknown): Script =>
    // biome-ignore lint/correctness/useYield: it fails before its first event.
    async function* () {
      throw error
    }
  test.each<[string, unknown, object]>([
    [
      'context overflow',
      namedError('ContextLengthError', { limit: 4096, got: 5000 }),
      { status: 400, code: 'context_length_exceeded', param: 'messages' },
    ],
    [
      'a conversation that cannot be rendered',
      namedError('ChatError', { index: 2, field: 'toolCalls[0].name', expected: 'a name', got: '""' }),
      { status: 400, param: 'messages[2].tool_calls[0].function.name' },
    ],
    [
      'an option',
      namedError('OptionError', { option: 'topK', expected: '>= 0', got: '-2' }),
      { status: 400, param: 'top_k' },
    ],
    [
      'a busy engine',
      namedError('StateError', { state: 'busy' }),
      { status: 503, code: 'model_unavailable' },
    ],
    ['a fault', new TypeError('secret words'), { status: 500, code: 'internal_error' }],
    ['not even an error', 'secret words', { status: 500, code: 'internal_error' }],
  ])('%s', async (_, error, expected) => {
    for (const stream of [false, true]) {
      const { client } = await start(failing(error))
      const asked = client.chat.completions.create({ model: 'scripted', messages: [...messages], stream })
      const thrown = await asked.then(
        () => undefined,
        (reason: unknown) => reason,
      )
      expect(thrown).toBeInstanceOf(APIError)
      expect(thrown).toMatchObject(expected)
      expect((thrown as APIError).requestID).toMatch(/^[\w-]+$/)
      expect(String(thrown)).not.toContain('secret')
    }
  })

  test('classes of the client', async () => {
    const { client } = await start(() => eventsOf(answer))
    const create = (changes: object) =>
      client.chat.completions.create({ model: 'scripted', messages: [...messages], ...changes })
    await expect(create({ model: 'gpt-4o' })).rejects.toBeInstanceOf(OpenAI.NotFoundError)
    await expect(create({ n: 2 })).rejects.toBeInstanceOf(OpenAI.BadRequestError)
  })

  test('a fault in the middle of a stream', async () => {
    const { client } = await start(async function* () {
      yield { type: 'text-delta', text: 'It is' }
      throw new TypeError('secret words')
    })
    const stream = await client.chat.completions.create({
      model: 'scripted',
      messages: [...messages],
      stream: true,
    })
    let content = ''
    const read = async (): Promise<void> => {
      for await (const chunk of stream) content += chunk.choices[0]?.delta.content ?? ''
    }
    await expect(read()).rejects.toMatchObject({ code: 'internal_error', type: 'server_error' })
    expect(content).toBe('It is')
  })
})
