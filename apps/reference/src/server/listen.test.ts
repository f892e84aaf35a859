/** What only a socket shows: connections that break, stall or say nonsense. */
import { createConnection, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createApp } from './app.ts'
import { limits, times } from './limits.ts'
import { ListenError, listen } from './listen.ts'
import { question, serveApp } from './testing/http.ts'
import { eventsOf, type Script, scriptedEngine } from './testing/scripted-engine.ts'

const json = { 'content-type': 'application/json' }
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Says the same word for ever, `every` milliseconds. */
const endless = (text: string, every: number): Script =>
  async function* ({ signal }) {
    for (;;) {
      yield { type: 'text-delta', text }
      await pause(every)
      signal?.throwIfAborted()
    }
  }

/** Sends bytes, and gives the socket with all that came back so far. */
function connect(port: number, text: string): { socket: Socket; received: () => string } {
  let all = ''
  const socket = createConnection({ host: '127.0.0.1', port })
  socket.write(text)
  socket.on('data', (data) => {
    all += data.toString('latin1')
  })
  socket.on('error', () => {})
  onTestFinished(() => {
    socket.destroy()
  })
  return { socket, received: () => all }
}

function rawPost(body: object): string {
  const text = JSON.stringify(body)
  return `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`
}

describe('a client that goes away', () => {
  test.each([
    ['plain', false],
    ['streamed', true],
  ])('%s: the engine is stopped, and the next one is answered', async (_, stream) => {
    let first = true
    const engine = scriptedEngine((options) => {
      if (!first) return eventsOf([{ type: 'text', text: 'ok' }])
      first = false
      return endless('x', 5)(options)
    })
    const faults: unknown[] = []
    const { url } = await serveApp({ engine, onFault: (error) => faults.push(error) })
    const controller = new AbortController()
    const ask = (body: object, signal?: AbortSignal) =>
      fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: json,
        body: JSON.stringify(body),
        ...(signal === undefined ? {} : { signal }),
      }).then((response) => response.text())
    const broken = ask({ ...question, stream }, controller.signal)
    await expect.poll(() => engine.asked.length).toBe(1)
    const next = ask(question)
    controller.abort()
    await expect(broken).rejects.toThrow()
    await expect.poll(() => engine.asked[0]?.end).toBe('aborted')
    expect(JSON.parse(await next)).toMatchObject({ choices: [{ message: { content: 'ok' } }] })
    expect(faults).toEqual([])
  })

  test('while it waits in line: the engine never hears of it', async () => {
    const engine = scriptedEngine(endless('x', 5))
    const { port, url } = await serveApp({ engine })
    const running = connect(port, rawPost({ ...question, stream: true }))
    await expect.poll(() => engine.asked.length).toBe(1)
    const waiting = connect(port, rawPost(question))
    const ready = async () => (await (await fetch(`${url}/ready`)).json()) as object
    await expect.poll(ready).toMatchObject({ running: 1, waiting: 1 })
    waiting.socket.destroy()
    await expect.poll(ready).toMatchObject({ running: 1, waiting: 0 })
    running.socket.destroy()
    await expect.poll(ready).toMatchObject({ running: 0, waiting: 0 })
    expect(engine.asked.length).toBe(1)
  })
})

test('a client that reads nothing slows the engine, and is cut in the end', async () => {
  let deltas = 0
  const engine = scriptedEngine(async function* ({ signal }) {
    for (;;) {
      deltas++
      yield { type: 'text-delta', text: 'x'.repeat(65536) }
      signal?.throwIfAborted()
    }
  })
  const { port } = await serveApp({ engine }, 300)
  const { socket } = connect(port, rawPost({ ...question, stream: true }))
  socket.pause()
  await expect.poll(() => engine.asked.length).toBe(1)
  let sent = 0
  do {
    sent = deltas
    await pause(100)
  } while (deltas !== sent)
  // The buffers of the socket are full: nothing more is made for nobody, and the engine waits.
  expect(engine.asked[0]?.end).toBeUndefined()
  await expect.poll(() => engine.asked[0]?.end, { timeout: 5000 }).toMatch(/aborted|left/)
})

test.each([
  ['a length', 'Content-Length: 100\r\n\r\n{"mess'],
  ['chunks', 'Transfer-Encoding: chunked\r\n\r\n6\r\n{"mess\r\n'],
])('a body with %s that breaks off is no fault of the server', async (_, rest) => {
  const faults: unknown[] = []
  const { port, url } = await serveApp({
    engine: scriptedEngine(() => []),
    onFault: (error) => faults.push(error),
  })
  const head = 'POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
  const { socket } = connect(port, head + rest)
  await pause(50)
  socket.destroy()
  await pause(50)
  expect((await fetch(`${url}/health`)).status).toBe(200)
  expect(faults).toEqual([])
})

describe('nonsense', () => {
  test.each([
    ['a host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n'],
    ['an address that is none', 'GET http://[/ HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ])('%s: 400 as JSON', async (_, text) => {
    const { port } = await serveApp({ engine: scriptedEngine(() => []) })
    const { received } = connect(port, text)
    await expect.poll(received).toMatch(/^HTTP\/1\.1 400 .*"code":"invalid_url"/s)
  })

  test('a foreign name in the address line counts for nothing: the Host header is checked', async () => {
    const { port } = await serveApp({ engine: scriptedEngine(() => []) })
    const { received } = connect(port, 'GET http://localhost/health HTTP/1.1\r\nHost: evil.example\r\n\r\n')
    await expect.poll(received).toMatch(/^HTTP\/1\.1 403 /)
  })

  test('an endless body without a length is cut at the limit', async () => {
    const { port } = await serveApp({ engine: scriptedEngine(() => []) })
    const head =
      'POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
    const { socket, received } = connect(port, head)
    const chunk = `10000\r\n${'a'.repeat(65536)}\r\n`
    for (let sent = 0; sent <= limits.bodyBytes + 65536; sent += 65536) socket.write(chunk)
    await expect.poll(received).toMatch(/^HTTP\/1\.1 413 .*"code":"request_too_large"/s)
  })

  test('a chunked body within the limit is read', async () => {
    const { url } = await serveApp({ engine: scriptedEngine(() => eventsOf([{ type: 'text', text: 'ok' }])) })
    const body = new Blob([JSON.stringify(question)]).stream()
    const init = { method: 'POST', headers: json, body, duplex: 'half' } as RequestInit
    const response = await fetch(`${url}/v1/chat/completions`, init)
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'ok' } }] })
  })
})

describe('starting and stopping', () => {
  test('a port in use', async () => {
    const app = createApp({ engine: scriptedEngine(() => []) })
    const { port } = await serveApp({ engine: scriptedEngine(() => []) })
    const thrown = await listen(app, { host: '127.0.0.1', port }).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(ListenError)
    expect(thrown).toMatchObject({ code: 'EADDRINUSE', port })
    expect(String(thrown)).toContain('--port')
  })

  test('closing waits for an answer that ends, and takes no new connection', async () => {
    const engine = scriptedEngine(async function* () {
      await pause(100)
      yield* eventsOf([{ type: 'text', text: 'ok' }])
    })
    const { url, port, close } = await serveApp({ engine })
    connect(port, '')
    const asked = fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify(question),
    })
    await expect.poll(() => engine.asked.length).toBe(1)
    const startedAt = performance.now()
    const closed = close()
    expect((await asked).status).toBe(200)
    await closed
    // One client keeps its connection for a next request, one has not asked yet: neither may hold the server.
    expect(performance.now() - startedAt).toBeLessThan(times.shutdown)
    await expect(fetch(`${url}/health`)).rejects.toThrow()
    await close()
  })
})
