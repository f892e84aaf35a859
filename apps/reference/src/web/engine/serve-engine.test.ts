/** The worker's side with the real model, its messages collected instead of posted. */
import { readFile } from 'node:fs/promises'
import { octoTiny } from '@octoscale/octo-tiny'
import { describe, expect, test, vi } from 'vitest'
import type { FromWorker, ToWorker } from './protocol.ts'
import { serveEngine } from './serve-engine.ts'

async function readModel(): Promise<Record<string, Uint8Array>> {
  const entries = Object.entries(octoTiny.files).map(
    async ([name, url]) => [name, new Uint8Array(await readFile(url))] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

function startEngine(files: () => Promise<Record<string, Uint8Array>> = readModel) {
  const sent: FromWorker[] = []
  const send = serveEngine({ post: (message) => sent.push(message), name: 'octo-tiny', files })
  const of = (id: number): FromWorker[] => sent.filter((message) => 'id' in message && message.id === id)
  const ended = (id: number): Promise<void> =>
    vi.waitUntil(() => of(id).some(({ type }) => type === 'done' || type === 'failed'), 20_000).then(() => {})
  const ask = async (message: Exclude<ToWorker, { type: 'stop' }>): Promise<FromWorker[]> => {
    send(message)
    await ended(message.id)
    return of(message.id)
  }
  return { sent, send, of, ended, ask }
}

const question = (text: string): readonly [{ role: 'user'; content: string }] => [
  { role: 'user', content: text },
]

test('tells its backends, loads with progress, answers', async () => {
  const { sent, ask } = startEngine()
  expect(sent[0]).toMatchObject({
    type: 'ready',
    backends: expect.arrayContaining(['auto', 'wasm', 'reference']),
  })
  const loading = await ask({ type: 'load', id: 1, backend: 'wasm' })
  const progress = loading.filter((message) => message.type === 'progress')
  expect(progress.at(-1)).toMatchObject({ phase: 'weights' })
  expect(progress.at(-1)?.bytes).toBe(progress.at(-1)?.totalBytes)
  expect(loading.at(-2)).toMatchObject({
    type: 'loaded',
    info: { name: 'octo-tiny', backend: { name: 'wasm' } },
  })
  const answer = await ask({
    type: 'chat',
    id: 2,
    options: { messages: question('What is the largest E4M3 value?') },
  })
  expect(answer.at(-1)).toMatchObject({ type: 'done' })
  expect(answer.at(-2)).toMatchObject({
    event: { type: 'finish', result: { content: expect.stringContaining('448') } },
  })
  // Everything that is posted must survive being posted.
  expect(structuredClone(sent)).toEqual(sent)
})

test('stop ends the decode between two tokens, and the next request is answered', async () => {
  const { send, of, ended, ask } = startEngine()
  await ask({ type: 'load', id: 1, backend: 'wasm' })
  const whole = await ask({
    type: 'chat',
    id: 2,
    options: { messages: question('What is 2718 + 3141?'), thinking: true },
  })
  send({ type: 'chat', id: 3, options: { messages: question('What is 2718 + 3141?'), thinking: true } })
  await vi.waitUntil(() => of(3).length >= 5)
  send({ type: 'stop', id: 3 })
  await ended(3)
  expect(of(3).at(-1)).toMatchObject({ type: 'failed', error: { name: 'AbortError' } })
  expect(of(3).length).toBeLessThan(whole.length / 2)
  const after = await ask({ type: 'chat', id: 4, options: { messages: question('What is 2718 + 3141?') } })
  expect(after.at(-1)).toMatchObject({ type: 'done' })
})

test('requests wait for each other; one that is stopped while it waits never runs', async () => {
  const { send, of, ended } = startEngine()
  send({ type: 'load', id: 1, backend: 'wasm' })
  send({ type: 'chat', id: 2, options: { messages: question('Hello') } })
  send({ type: 'chat', id: 3, options: { messages: question('Hello') } })
  send({ type: 'stop', id: 3 })
  await ended(3)
  expect(of(2).at(-1)).toMatchObject({ type: 'done' })
  expect(of(3)).toEqual([{ type: 'failed', id: 3, error: expect.objectContaining({ name: 'AbortError' }) }])
})

describe('faults are facts, and the engine lives on', () => {
  test('a chat before the model is there', async () => {
    const { ask } = startEngine()
    const answer = await ask({ type: 'chat', id: 1, options: { messages: question('Hello') } })
    expect(answer).toMatchObject([{ type: 'failed', error: { name: 'NotLoadedError' } }])
  })

  test('a backend that does not exist', async () => {
    const { ask } = startEngine()
    const answer = await ask({ type: 'load', id: 1, backend: 'cuda' })
    expect(answer.at(-1)).toMatchObject({
      type: 'failed',
      error: { name: 'OptionError', fields: { option: 'backend', got: expect.stringContaining('cuda') } },
    })
    expect((await ask({ type: 'load', id: 2, backend: 'wasm' })).at(-1)).toMatchObject({ type: 'done' })
  })

  test('files that do not come', async () => {
    const { ask } = startEngine(() => Promise.reject(new DOMException('gone', 'NetworkError')))
    expect((await ask({ type: 'load', id: 1, backend: 'auto' })).at(-1)).toMatchObject({
      type: 'failed',
      error: { name: 'NetworkError', message: 'gone' },
    })
  })

  test('after dispose there is no model', async () => {
    const { ask } = startEngine()
    await ask({ type: 'load', id: 1, backend: 'wasm' })
    expect(await ask({ type: 'dispose', id: 2 })).toEqual([{ type: 'done', id: 2 }])
    const answer = await ask({ type: 'chat', id: 3, options: { messages: question('Hello') } })
    expect(answer.at(-1)).toMatchObject({ error: { name: 'NotLoadedError' } })
  })
})
