/** Asking an app in tests: without a socket, and over one. */
import type { Hono } from 'hono'
import { onTestFinished } from 'vitest'
import { type AppOptions, createApp } from '../app.ts'
import { type Listening, listen } from '../listen.ts'

export const question = { messages: [{ role: 'user', content: 'Hello' }] } as const

/** Sends JSON to the app without a socket. */
export async function post(
  app: Hono,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return await app.request('/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

/** The app on a free port until the test ends. */
export async function serveApp(options: AppOptions, stallMilliseconds?: number): Promise<Listening> {
  const server = await listen(createApp(options), {
    host: '127.0.0.1',
    port: 0,
    ...(stallMilliseconds === undefined ? {} : { stallMilliseconds }),
  })
  onTestFinished(() => server.close())
  return server
}

/** The `data:` lines of a stream, and whether `[DONE]` was the last. */
export function parseStream(text: string): { chunks: unknown[]; done: boolean; comments: number } {
  const events = text.split('\n\n').filter((event) => event !== '')
  const comments = events.filter((event) => event.startsWith(':')).length
  const data = events
    .filter((event) => event.startsWith('data: '))
    .map((event) => event.slice('data: '.length))
  const done = data.at(-1) === '[DONE]'
  return { chunks: (done ? data.slice(0, -1) : data).map((line) => JSON.parse(line)), done, comments }
}
