/** The page's side against a scripted worker. */
import type { ModelEvent } from '@octoscale/agent-tools'
import { expect, test, vi } from 'vitest'
import type { FromWorker, ToWorker } from './protocol.ts'
import { createTabEngine } from './tab-engine.ts'
import type { WorkerLike } from './worker-client.ts'

type Reply = (message: ToWorker, post: (message: FromWorker) => void) => void

/** Workers that answer with `reply`; what they heard, and the newest of them. */
function scriptedWorkers(reply: Reply) {
  const heard: ToWorker[] = []
  const workers: (WorkerLike & { ended: boolean })[] = []
  const start = (): WorkerLike => {
    const worker = {
      onmessage: null,
      onerror: null,
      ended: false,
      terminate: () => {
        worker.ended = true
      },
      postMessage(message: ToWorker) {
        heard.push(message)
        reply(message, (answer) => {
          const { onmessage } = worker as WorkerLike
          setTimeout(() => onmessage?.call(worker as unknown as Worker, { data: answer } as MessageEvent))
        })
      },
    }
    workers.push(worker as WorkerLike & { ended: boolean })
    return worker as WorkerLike
  }
  return { heard, workers, start }
}

const info = { name: 'm', contextLength: 64 } as never
const loads: Reply = (message, post) => {
  if (message.type !== 'load') return
  post({ type: 'ready', backends: ['auto', 'wasm'] })
  post({ type: 'progress', id: message.id, phase: 'download', bytes: 1, totalBytes: 2 })
  post({ type: 'loaded', id: message.id, info })
  post({ type: 'done', id: message.id })
}
const request = (signal = new AbortController().signal) => ({
  messages: [{ role: 'user', content: 'hi' } as const],
  tools: [],
  signal,
})

async function collect(events: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const all: ModelEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

test('an answer loads the model first, and once', async () => {
  const { start, heard, workers } = scriptedWorkers((message, post) => {
    loads(message, post)
    if (message.type !== 'chat') return
    post({ type: 'event', id: message.id, event: { type: 'text-delta', text: 'ho' } })
    post({ type: 'done', id: message.id })
  })
  const engine = createTabEngine(start)
  const states: string[] = []
  engine.state.subscribe(() => states.push(engine.state.get().load.status))
  const model = engine.model('auto', { thinking: true, seed: 7 })
  expect(await collect(model(request()))).toEqual([{ type: 'text-delta', text: 'ho' }])
  await collect(model(request()))
  expect(heard.map(({ type }) => type)).toEqual(['load', 'chat', 'chat'])
  expect(heard[1]).toMatchObject({ options: { thinking: true, seed: 7, messages: [{ content: 'hi' }] } })
  expect(new Set(states)).toEqual(new Set(['loading', 'ready']))
  expect(engine.state.get().backends).toEqual(['auto', 'wasm'])
  expect(workers).toHaveLength(1)
})

test('an abort throws its reason at once and stops the worker, which may take its time', async () => {
  const { start, heard } = scriptedWorkers((message, post) => {
    loads(message, post)
    if (message.type === 'chat')
      post({ type: 'event', id: message.id, event: { type: 'text-delta', text: 'a' } })
  })
  const controller = new AbortController()
  const answer = createTabEngine(start).model('auto', { thinking: false })(request(controller.signal))
  const iterator = answer[Symbol.asyncIterator]()
  await iterator.next()
  const next = iterator.next()
  controller.abort(new DOMException('enough', 'AbortError'))
  await expect(next).rejects.toThrow('enough')
  expect(heard).toMatchObject([{ type: 'load' }, { type: 'chat', id: 2 }, { type: 'stop', id: 2 }])
})

test('a failed load is in the state and in the answer; trying again starts anew', async () => {
  let broken = true
  const { start, workers } = scriptedWorkers((message, post) => {
    if (!broken) loads(message, post)
    else
      post({ type: 'failed', id: 1, error: { name: 'LoadError', message: 'no file', fields: { file: 'x' } } })
  })
  const engine = createTabEngine(start)
  await expect(collect(engine.model('auto', { thinking: false })(request()))).rejects.toMatchObject({
    name: 'LoadError',
    fields: { file: 'x' },
  })
  expect(engine.state.get().load).toMatchObject({ status: 'failed', error: { message: 'no file' } })
  expect(workers[0]?.ended).toBe(true)
  broken = false
  await engine.load('auto')
  expect(engine.state.get().load.status).toBe('ready')
})

test('another backend replaces a load under way; cancel leaves nothing loaded', async () => {
  const { start, heard } = scriptedWorkers((message, post) => {
    if (message.type === 'load' && message.backend === 'wasm') loads(message, post)
  })
  const engine = createTabEngine(start)
  void engine.load('auto')
  await vi.waitUntil(() => heard.length === 1)
  await engine.load('wasm')
  expect(heard.map(({ type }) => type)).toEqual(['load', 'stop', 'load'])
  expect(engine.state.get().load.status).toBe('ready')
  const loading = engine.load('auto')
  engine.cancel()
  await loading
  expect(engine.state.get().load.status).toBe('unloaded')
})

test('after dispose the worker lives, without a model', async () => {
  const { start, heard, workers } = scriptedWorkers((message, post) => {
    loads(message, post)
    if (message.type === 'dispose') post({ type: 'done', id: message.id })
  })
  const engine = createTabEngine(start)
  await engine.load('auto')
  await engine.dispose()
  expect(engine.state.get().load.status).toBe('unloaded')
  await engine.load('auto')
  expect(heard.map(({ type }) => type)).toEqual(['load', 'dispose', 'load'])
  expect(workers).toHaveLength(1)
})

test('a worker that dies fails what it was doing, and is not asked again', async () => {
  const { start, workers } = scriptedWorkers((message, post) => {
    loads(message, post)
    const worker = workers.at(-1)
    if (message.type === 'chat')
      setTimeout(() => worker?.onerror?.call(worker as never, new Event('error') as never), 5)
  })
  const engine = createTabEngine(start)
  const answer = collect(engine.model('auto', { thinking: false })(request()))
  await expect(answer).rejects.toMatchObject({ name: 'WorkerError' })
  expect(engine.state.get().load.status).toBe('failed')
  await engine.load('auto')
  expect(workers).toHaveLength(2)
})
