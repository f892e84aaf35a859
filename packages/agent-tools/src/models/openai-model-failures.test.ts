import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { ModelError } from '../errors.ts'
import { ask, eventStream, json } from '../testing/ask.ts'
import { delta, startChatServer, streamChunks } from '../testing/chat-server.ts'
import { openAiModel } from './openai-model.ts'
import type { OpenAiOptions } from './openai-options.ts'

/** The error of one request to a server that answers so. */
async function failureOf(
  answer: (response: ServerResponse) => void,
  options: Partial<OpenAiOptions> = {},
): Promise<unknown> {
  await using server = await startChatServer(answer)
  const model = openAiModel({ baseUrl: server.baseUrl, model: 'm', ...options })
  try {
    await ask(model)
  } catch (error) {
    return error
  }
  return undefined
}

describe('a failure', () => {
  test.each<[string, (response: ServerResponse) => void, Partial<ModelError>]>([
    [
      'OpenAI error',
      (r) => r.writeHead(400, json).end('{"error":{"message":"too long","code":"context_length_exceeded"}}'),
      {
        kind: 'status',
        status: 400,
        code: 'context_length_exceeded',
        message: 'the server answered 400: too long',
      },
    ],
    [
      'rate limit',
      (r) =>
        r.writeHead(429, { ...json, 'retry-after': '7' }).end('{"error":{"message":"slow","type":"rate"}}'),
      { status: 429, code: 'rate', retryAfter: 7 },
    ],
    [
      'a time to wait that is over',
      (r) => r.writeHead(503, { ...json, 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }).end('{}'),
      { retryAfter: 0 },
    ],
    [
      'numbers as code',
      (r) => r.writeHead(503, json).end('{"error":{"message":"loading","code":503}}'),
      { code: '503' },
    ],
    [
      'FastAPI',
      (r) => r.writeHead(422, json).end('{"detail":"bad"}'),
      { message: 'the server answered 422: bad' },
    ],
    ['plain text', (r) => r.writeHead(500).end('boom'), { message: 'the server answered 500: boom' }],
    ['nothing', (r) => r.writeHead(500).end(), { message: 'the server answered 500' }],
    ['an endless error', (r) => r.writeHead(500).end('x'.repeat(1 << 20)), { status: 500 }],
    [
      'a web page',
      (r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      { kind: 'protocol', message: expect.stringContaining('ends in /v1') },
    ],
    [
      'a redirect',
      (r) => r.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
      { kind: 'status', status: 307, message: expect.stringContaining('redirects') },
    ],
    [
      'an error in the stream',
      (r) => streamChunks(r, [delta({ content: 'x' }), { error: { message: 'boom', code: 'c' } }]),
      { kind: 'server', code: 'c', message: 'the server reported an error: boom' },
    ],
    [
      'an error event',
      (r) => r.writeHead(200, eventStream).end('event: error\ndata: {"message":"boom"}\n\n'),
      { kind: 'server', message: 'the server reported an error: boom' },
    ],
    [
      'no JSON in the stream',
      (r) => streamChunks(r, ['upstream error']),
      { kind: 'protocol', message: 'the server sent what is no JSON: "upstream error"' },
    ],
    ['no JSON', (r) => r.writeHead(200, json).end('{"choices":'), { kind: 'protocol' }],
    [
      'an empty stream',
      (r) => streamChunks(r, []),
      { kind: 'protocol', message: 'the server sent no answer' },
    ],
    [
      'a stream without an end',
      (r) => streamChunks(r, [delta({ content: 'x' })]),
      { kind: 'network', message: 'the answer broke off before its end' },
    ],
    [
      'a connection that breaks',
      (r) => {
        r.writeHead(200, eventStream)
        r.write('data: {}\n\n', () => r.destroy())
      },
      { kind: 'network', message: expect.stringMatching(/^the answer broke off: /) },
    ],
    [
      'no answer',
      (r) => {
        r.destroy()
      },
      { kind: 'network', message: expect.stringMatching(/^cannot reach http:\/\/127/) },
    ],
  ])('%s', async (_, answer, facts) => {
    const error = await failureOf(answer)
    expect(error).toBeInstanceOf(ModelError)
    expect(error).toMatchObject(facts)
    expect(String(error).length).toBeLessThan(2200)
  })

  test.each([
    [200, /more than 16777216 bytes/],
    [500, /^the server answered 500: xxx/],
  ])('a body without an end is not read on (%i)', async (status, message) => {
    const chunk = new Uint8Array(1 << 20).fill(0x78)
    const body = new ReadableStream({ pull: (controller) => controller.enqueue(chunk) })
    const fetch = async (): Promise<Response> => new Response(body, { status, headers: json })
    const model = openAiModel({ baseUrl: 'http://a/v1', model: 'm', fetch })
    await expect(ask(model)).rejects.toThrow(message)
  })

  test('does not repeat the key', async () => {
    const error = await failureOf(
      (r) => r.writeHead(401, json).end('{"error":{"message":"bad key sk-123: no sk-123 here"}}'),
      { apiKey: 'sk-123' },
    )
    expect(error).toMatchObject({ status: 401, message: 'the server answered 401: bad key ***: no *** here' })
  })

  test('nobody listens', async () => {
    const { baseUrl } = await startChatServer(() => {}).then(async (server) => {
      await server[Symbol.asyncDispose]()
      return server
    })
    await expect(ask(openAiModel({ baseUrl, model: 'm' }))).rejects.toMatchObject({ kind: 'network' })
  })
})
