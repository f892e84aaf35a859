import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { defineTool } from '../define-tool.ts'
import { AgentOptionError } from '../errors.ts'
import { runAgent } from '../run-agent.ts'
import { ask, eventStream, json, user } from '../testing/ask.ts'
import { delta, startChatServer, streamChunks } from '../testing/chat-server.ts'
import { openAiModel } from './openai-model.ts'
import type { OpenAiOptions } from './openai-options.ts'

describe('an answer', () => {
  test('streamed in awkward pieces, with comments and CRLF', async () => {
    await using server = await startChatServer(async (response) => {
      response.writeHead(200, eventStream)
      const text = [
        ': keep-alive',
        '',
        `data: ${JSON.stringify(delta({ role: 'assistant', reasoning_content: 'hm' }))}`,
        '',
        `data: ${JSON.stringify(delta({ content: 'héllo 😀' }))}`,
        '',
        `data: ${JSON.stringify(delta({}, 'stop'))}`,
        '',
        `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } })}`,
        '',
        'data: [DONE]',
        '',
      ].join('\r\n')
      for (const byte of Buffer.from(text)) {
        response.write(Uint8Array.of(byte))
        if (byte > 127) await sleep(1)
      }
      response.end()
    })
    const model = openAiModel({ baseUrl: `${server.baseUrl}/`, model: 'm' })
    expect(await ask(model)).toEqual([
      { type: 'thinking-delta', text: 'hm' },
      { type: 'text-delta', text: 'héllo 😀' },
      {
        type: 'finish',
        result: {
          content: 'héllo 😀',
          thinking: 'hm',
          toolCalls: [],
          finishReason: 'stop',
          usage: { promptTokens: 3, completionTokens: 4 },
        },
      },
    ])
  })

  test('as a whole', async () => {
    await using server = await startChatServer((response) => {
      const message = { role: 'assistant', content: 'hello' }
      response
        .writeHead(200, json)
        .end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] }))
    })
    const model = openAiModel({ baseUrl: server.baseUrl, model: 'm', stream: false })
    expect(await ask(model)).toMatchObject([{ text: 'hello' }, { result: { content: 'hello' } }])
    expect(server.requests[0]?.body).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'hi' }],
      stream: false,
    })
  })

  test('is over at [DONE], whatever the connection does', async () => {
    await using server = await startChatServer((response) => {
      response.writeHead(200, eventStream)
      response.write(`data: ${JSON.stringify(delta({ content: 'x' }))}\n\ndata: [DONE]\n\n`)
    })
    const model = openAiModel({ baseUrl: server.baseUrl, model: 'm' })
    expect((await ask(model)).at(-1)).toMatchObject({ result: { content: 'x', finishReason: 'stop' } })
  })
})

describe('a request', () => {
  test('carries everything, in the spelling of the API', async () => {
    await using server = await startChatServer((response) =>
      streamChunks(response, [delta({ content: '' }, 'stop')]),
    )
    const model = openAiModel({
      baseUrl: server.baseUrl,
      model: 'm',
      apiKey: 'secret',
      headers: { 'X-Team': 'a' },
      thinking: true,
      temperature: 0,
      topP: 0.5,
      maxTokens: 9,
      seed: 1,
      body: { top_k: 4, model: 'other' },
    })
    const call = { id: 'c', name: 'add', arguments: '{"a": 1}' }
    await ask(model, {
      messages: [
        { role: 'system', content: 's' },
        { role: 'user', content: 'u' },
        {
          role: 'assistant',
          content: '',
          thinking: 't',
          toolCalls: [call, { ...call, id: 'd', arguments: '{"a' }],
        },
        { role: 'tool', toolCallId: 'c', content: '1' },
        { role: 'tool', toolCallId: 'd', content: 'Error' },
        { role: 'assistant', content: 'one', thinking: 'dropped' },
      ],
      tools: [{ name: 'add', description: 'd', parameters: { type: 'object' } }],
    })
    const [request] = server.requests
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer secret',
      'x-team': 'a',
      'content-type': 'application/json',
    })
    const sent = (id: string, args: string): object => ({
      id,
      type: 'function',
      function: { name: 'add', arguments: args },
    })
    expect(request?.body).toEqual({
      model: 'm',
      temperature: 0,
      top_p: 0.5,
      max_tokens: 9,
      seed: 1,
      top_k: 4,
      thinking: { type: 'enabled' },
      chat_template_kwargs: { thinking: true },
      messages: [
        { role: 'system', content: 's' },
        { role: 'user', content: 'u' },
        {
          role: 'assistant',
          content: '',
          reasoning_content: 't',
          tool_calls: [sent('c', '{"a":1}'), sent('d', '{}')],
        },
        { role: 'tool', tool_call_id: 'c', content: '1' },
        { role: 'tool', tool_call_id: 'd', content: 'Error' },
        { role: 'assistant', content: 'one' },
      ],
      tools: [
        { type: 'function', function: { name: 'add', description: 'd', parameters: { type: 'object' } } },
      ],
      stream: true,
      stream_options: { include_usage: true },
    })
  })

  test.each<[string, Partial<OpenAiOptions>]>([
    ['baseUrl', { baseUrl: 'not an address' }],
    ['baseUrl', { baseUrl: 'file:///x' }],
    ['baseUrl', { baseUrl: 'http://user:hidden@127.0.0.1/v1' }],
    ['baseUrl', { baseUrl: 'http://127.0.0.1/v1?key=1' }],
    ['model', { model: '' }],
    ['apiKey', { apiKey: 'line\nbreak' }],
    ['headers', { headers: { 'a b': 'c' } }],
    ['temperature', { temperature: Number.NaN }],
  ])('%s is checked: %j', (option, options) => {
    let thrown: unknown
    try {
      openAiModel({ baseUrl: 'http://127.0.0.1/v1', model: 'm', ...options })
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(AgentOptionError)
    expect(thrown).toMatchObject({ option })
    expect(String(thrown)).not.toMatch(/hidden|break/)
  })
})

describe('stopping', () => {
  test.each([
    ['before the answer', () => {}],
    [
      'in the middle',
      (response: ServerResponse) => {
        response.writeHead(200, eventStream)
        response.write(`data: ${JSON.stringify(delta({ content: 'x' }))}\n\n`)
      },
    ],
    [
      'in a whole answer',
      (response: ServerResponse) => {
        response.writeHead(200, json).write('{')
      },
    ],
  ])('%s: the reason is thrown, and the server sees the connection close', async (_, begin) => {
    const closed = Promise.withResolvers<void>()
    await using server = await startChatServer((response) => {
      response.on('close', closed.resolve)
      begin(response)
    })
    const controller = new AbortController()
    const asked = ask(openAiModel({ baseUrl: server.baseUrl, model: 'm' }), { signal: controller.signal })
    await sleep(20)
    controller.abort('enough')
    await expect(asked).rejects.toBe('enough')
    await closed.promise
  })

  test('a fetch that ignores the signal does not hold it', async () => {
    const model = openAiModel({
      baseUrl: 'http://127.0.0.1/v1',
      model: 'm',
      fetch: () => new Promise(() => {}),
    })
    await expect(ask(model, { signal: AbortSignal.timeout(5) })).rejects.toMatchObject({
      name: 'TimeoutError',
    })
  })

  test('leaving the iteration closes the connection', async () => {
    const closed = Promise.withResolvers<void>()
    await using server = await startChatServer((response) => {
      response.on('close', closed.resolve)
      response.writeHead(200, eventStream)
      response.write(`data: ${JSON.stringify(delta({ content: 'x' }))}\n\n`)
    })
    const model = openAiModel({ baseUrl: server.baseUrl, model: 'm' })
    for await (const _ of model({ messages: user, tools: [], signal: new AbortController().signal })) break
    await closed.promise
  })
})

test('an agent over HTTP', async () => {
  await using server = await startChatServer((response, count) => {
    const fragments = [
      { index: 0, id: 'c', function: { name: 'add', arguments: '{"a":478,' } },
      { index: 0, function: { arguments: '"b":395}' } },
    ]
    if (count > 1) streamChunks(response, [delta({ content: '873' }, 'stop'), '[DONE]'])
    else
      streamChunks(response, [
        ...fragments.map((call) => delta({ tool_calls: [call] })),
        delta({}, 'stop'),
        '[DONE]',
      ])
  })
  const add = defineTool({
    name: 'add',
    parameters: { type: 'object', required: ['a', 'b'] },
    execute: ({ a, b }: { a: number; b: number }) => a + b,
  })
  const model = openAiModel({ baseUrl: server.baseUrl, model: 'm' })
  const result = await runAgent({ model, tools: [add], messages: 'What is 478 + 395?' }).result()
  expect(result).toMatchObject({ reason: 'stop', content: '873', steps: 2 })
  expect(server.requests[1]?.body).toMatchObject({
    messages: [{}, {}, { role: 'tool', tool_call_id: 'c', content: '873' }],
  })
})
