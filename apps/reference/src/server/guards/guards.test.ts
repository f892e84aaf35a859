/** Who may ask, and in what form. */
import { describe, expect, test } from 'vitest'
import { type AppOptions, createApp } from '../app.ts'
import { limits } from '../limits.ts'
import { post, question } from '../testing/http.ts'
import { eventsOf, scriptedEngine } from '../testing/scripted-engine.ts'
import { webHeaders } from '../web-headers.ts'
import { isAllowedHost, isLoopbackHost } from './host.ts'
import { depthOf } from './json-body.ts'

const app = (options: Partial<AppOptions> = {}) =>
  createApp({ engine: scriptedEngine(() => eventsOf([{ type: 'text', text: 'ok' }])), ...options })

describe('host', () => {
  test.each([
    'localhost',
    'localhost:8080',
    'LOCALHOST.:8080',
    'app.localhost',
    '127.0.0.1',
    '127.9.9.9:1',
    '[::1]',
    '[::1]:8080',
  ])('%s is this machine', (host) => expect(isAllowedHost(host, {})).toBe(true))

  test.each([
    '',
    'evil.example',
    'evil.example:8080',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'notlocalhost',
    '127.1',
    '0.0.0.0',
    '192.168.0.1',
    '10.0.0.1:80',
    '[::2]',
    '[fe80::1]:80',
    'localhost@evil.example',
    'localhost evil.example',
    'localhost,evil.example',
    'evil.example#localhost',
  ])('%s is not', (host) => expect(isAllowedHost(host, {})).toBe(false))

  test('more names, and addresses where more than loopback is listened on', () => {
    const rule = { allowed: ['box.example', '::2'], anyAddress: true }
    for (const host of ['box.example:80', 'Box.Example', '192.168.0.1:80', '[fe80::1]', '[::2]:1']) {
      expect(isAllowedHost(host, rule)).toBe(true)
    }
    for (const host of ['other.example', '1.2.3.4.example', '300.0.0.1']) {
      expect(isAllowedHost(host, rule)).toBe(false)
    }
  })

  test('hosts to listen on', () => {
    for (const host of ['127.0.0.1', 'localhost', '::1']) expect(isLoopbackHost(host)).toBe(true)
    for (const host of ['0.0.0.0', '::', '192.168.1.1', 'box.example'])
      expect(isLoopbackHost(host)).toBe(false)
  })

  test('another name is answered 403 on every route', async () => {
    for (const path of ['/', '/health', '/v1/models']) {
      const response = await app().request(path, { headers: { host: 'evil.example' } })
      expect(response.status).toBe(403)
      expect(await response.json()).toMatchObject({ error: { code: 'host_not_allowed' } })
    }
  })
})

describe('origin', () => {
  const from = (origin: string, cors?: readonly string[]) =>
    post(app(cors === undefined ? {} : { cors }), question, { origin, host: 'localhost:8080' })
  test('own pages pass, others do not', async () => {
    expect((await from('http://localhost:8080')).status).toBe(200)
    expect((await from('https://localhost:8080')).status).toBe(200)
    for (const origin of ['null', 'http://localhost:3000', 'http://localhost', 'https://evil.example', '']) {
      const response = await from(origin)
      expect([origin, response.status]).toEqual([origin, 403])
      expect(await response.json()).toMatchObject({ error: { code: 'origin_not_allowed' } })
      expect(response.headers.has('access-control-allow-origin')).toBe(false)
    }
  })

  test('a named origin passes, may read the answer, and needs no more than its preflight', async () => {
    const cors = ['https://app.example']
    const response = await from('https://app.example', cors)
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(response.headers.has('access-control-allow-credentials')).toBe(false)
    expect(response.headers.get('access-control-expose-headers')).toContain('x-request-id')
    expect((await from('https://app.example.evil.example', cors)).status).toBe(403)

    const preflight = await app({ cors, apiKey: 'key' }).request('/v1/chat/completions', {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-stainless-lang',
      },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-stainless-lang')
  })

  test('without --cors a preflight gets nothing', async () => {
    const response = await app().request('/v1/models', {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
    })
    expect(response.status).toBe(403)
  })
})

describe('key', () => {
  const keyed = app({ apiKey: 'sesame' })
  test.each<[Record<string, string>, number]>([
    [{}, 401],
    [{ authorization: 'Bearer wrong' }, 401],
    [{ authorization: 'Bearer ' }, 401],
    [{ authorization: 'Basic sesame' }, 401],
    [{ authorization: 'sesame' }, 401],
    [{ 'x-api-key': 'sesam' }, 401],
    [{ authorization: 'Bearer sesame' }, 200],
    [{ authorization: 'bearer  sesame' }, 200],
    [{ 'x-api-key': 'sesame' }, 200],
  ])('%j is %i', async (headers, status) => {
    const response = await post(keyed, question, headers)
    expect(response.status).toBe(status)
    if (status === 401) {
      expect(await response.json()).toMatchObject({ error: { code: 'invalid_api_key' } })
      expect(response.headers.get('www-authenticate')).toBe('Bearer')
    }
  })

  test('guards all of /v1, and nothing else', async () => {
    for (const path of ['/v1/models', '/v1/models/scripted', '/v1/nothing']) {
      expect((await keyed.request(path)).status).toBe(401)
    }
    for (const path of ['/health', '/ready']) expect((await keyed.request(path)).status).toBe(200)
  })
})

describe('body', () => {
  test.each([
    undefined,
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'text/json',
  ])('content type %s is 415', async (type) => {
    const response = await app().request('/v1/chat/completions', {
      method: 'POST',
      ...(type === undefined ? {} : { headers: { 'content-type': type } }),
      body: new TextEncoder().encode(JSON.stringify(question)),
    })
    expect(response.status).toBe(415)
    expect(await response.json()).toMatchObject({ error: { code: 'unsupported_media_type' } })
  })

  test('application/json with a charset is taken', async () => {
    expect((await post(app(), question, { 'content-type': 'Application/JSON; charset=utf-8' })).status).toBe(
      200,
    )
  })

  test('too large is 413, whether the length is told or not', async () => {
    const body = JSON.stringify({ messages: [{ role: 'user', content: 'a'.repeat(limits.bodyBytes) }] })
    for (const headers of [{}, { 'content-length': String(body.length) }]) {
      const response = await post(app(), body, headers)
      expect(response.status).toBe(413)
      expect(await response.json()).toMatchObject({ error: { code: 'request_too_large' } })
    }
  })

  test.each(['', '{', 'hello', '{"messages":', '[[', '\u0000'])('%j is not JSON: 400', async (body) => {
    const response = await post(app(), body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_json' } })
  })

  test('too deep is 400, and cheap', async () => {
    const deep = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`
    const response = await post(app(), deep)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('deeper than 64')
  })

  test('depth counts brackets outside of strings', () => {
    expect(depthOf('5')).toBe(0)
    expect(depthOf('[[],{"a":[1]}]')).toBe(3)
    expect(depthOf('["[[[[", "\\"[[", "\\\\", [1]]')).toBe(2)
  })
})

describe('every answer', () => {
  test.each<[string, string, number, string | null]>([
    ['GET', '/nothing', 404, 'unknown_url'],
    ['GET', '/', 404, 'unknown_url'],
    ['POST', '/v1/embeddings', 404, 'unknown_url'],
    ['GET', '/v1/chat/completions', 405, 'method_not_allowed'],
    ['DELETE', '/v1/models', 405, 'method_not_allowed'],
    ['PUT', '/v1/models/scripted', 405, 'method_not_allowed'],
    ['POST', '/health', 405, 'method_not_allowed'],
    ['GET', '/v1/models/other', 404, 'model_not_found'],
    ['GET', '/v1/models', 200, null],
    ['GET', '/v1/models/scripted', 200, null],
  ])('%s %s is %i, with all headers', async (method, path, status, code) => {
    const json = { 'content-type': 'application/json' }
    const response = await app().request(path, {
      method,
      ...(method === 'POST' ? { headers: json, body: '{}' } : {}),
    })
    expect(response.status).toBe(status)
    for (const [name, value] of Object.entries(webHeaders)) expect(response.headers.get(name)).toBe(value)
    expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
    expect(response.headers.get('cache-control')).toBe('no-store')
    if (status === 405) expect(response.headers.get('allow')).toMatch(/GET, HEAD|POST/)
    if (code !== null) {
      const { error } = await response.json()
      expect(error).toEqual({
        message: expect.any(String),
        type: 'invalid_request_error',
        param: code === 'model_not_found' ? 'model' : null,
        code,
      })
    }
  })

  test('HEAD is GET without a body', async () => {
    const response = await app().request('/v1/models', { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
  })

  test('a caller may choose the request id, not its form', async () => {
    const id = async (given: string) =>
      (await app().request('/health', { headers: { 'x-request-id': given } })).headers.get('x-request-id')
    expect(await id('my-id_1')).toBe('my-id_1')
    expect(await id('a b<script>')).not.toContain('script')
    expect(await id('a'.repeat(300))).toMatch(/^[\w-]{36}$/)
  })
})
