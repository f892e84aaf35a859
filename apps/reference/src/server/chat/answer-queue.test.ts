/** One at a time, in order, with an end to the line. */
import { describe, expect, test } from 'vitest'
import { createApp } from '../app.ts'
import { post, question } from '../testing/http.ts'
import { eventsOf, scriptedEngine } from '../testing/scripted-engine.ts'
import { answerInTurn } from './answer.ts'
import { AnswerQueue } from './answer-queue.ts'

const never = new AbortController().signal

describe('the queue', () => {
  test('first come, first served', async () => {
    const queue = new AnswerQueue()
    const order: number[] = []
    const visit = async (number: number): Promise<void> => {
      const turn = await queue.enter(never)
      order.push(number)
      expect(queue.state.running).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 1))
      turn.leave()
      turn.leave()
    }
    await Promise.all([1, 2, 3, 4].map(visit))
    expect(order).toEqual([1, 2, 3, 4])
    expect(queue.state).toEqual({ running: 0, waiting: 0, closed: false })
  })

  test('who goes away while waiting is skipped, and his place is free', async () => {
    const queue = new AnswerQueue(2)
    const first = await queue.enter(never)
    const impatient = new AbortController()
    const second = queue.enter(impatient.signal)
    const third = queue.enter(never)
    await expect(queue.enter(never)).rejects.toMatchObject({ status: 429, code: 'rate_limit_exceeded' })
    impatient.abort(new DOMException('gone', 'AbortError'))
    await expect(second).rejects.toThrow('gone')
    expect(queue.state.waiting).toBe(1)
    const fourth = queue.enter(never)
    first.leave()
    const turn = await third
    turn.leave()
    const last = await fourth
    last.leave()
    expect(queue.state.running).toBe(0)
    await expect(queue.enter(impatient.signal)).rejects.toThrow('gone')
    expect(queue.state.running).toBe(0)
  })

  test('closing ends the running turn and refuses the others', async () => {
    const queue = new AnswerQueue()
    const running = await queue.enter(never)
    const waiting = queue.enter(never)
    let idle = false
    const closed = queue.close().then(() => {
      idle = true
    })
    await expect(waiting).rejects.toMatchObject({ status: 503, code: 'server_stopping' })
    expect(running.signal.reason).toMatchObject({ status: 503 })
    expect(idle).toBe(false)
    running.leave()
    await closed
    await expect(queue.enter(never)).rejects.toMatchObject({ status: 503 })
    await queue.close()
  })
})

describe('in the app', () => {
  /** An engine that waits for `release` before each answer. */
  function gated() {
    const gates: (() => void)[] = []
    const engine = scriptedEngine(async function* ({ signal }) {
      await new Promise<void>((resolve, reject) => {
        gates.push(resolve)
        signal?.addEventListener('abort', () => reject(signal.reason))
      })
      yield* eventsOf([{ type: 'text', text: 'done' }])
    })
    return { engine, gates }
  }

  test('a full line answers 429 with Retry-After; the others are answered one after another', async () => {
    const { engine, gates } = gated()
    const app = createApp({ engine, queue: new AnswerQueue(1), keepAliveMilliseconds: 5 })
    const first = post(app, question)
    const second = post(app, { ...question, stream: true })
    await expect.poll(() => gates.length).toBe(1)
    const third = await post(app, question)
    expect(third.status).toBe(429)
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect(await third.json()).toMatchObject({
      error: { code: 'rate_limit_exceeded', type: 'rate_limit_error' },
    })
    expect(await (await app.request('/ready')).json()).toEqual({ status: 'ready', running: 1, waiting: 1 })

    // The stream of the one that waits begins while it waits, with comments.
    const reader = (await second).body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).toBe(': keep-alive\n\n')
    gates[0]?.()
    expect((await first).status).toBe(200)
    await expect.poll(() => gates.length).toBe(2)
    gates[1]?.()
    let text = ''
    for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read())
      text += next.value
    expect(text).toMatch(/"content":"done".*\[DONE\]\n\n$/s)
  })

  test('closing ends answers with 503, in a stream too', async () => {
    const { engine, gates } = gated()
    const queue = new AnswerQueue()
    const app = createApp({ engine, queue, keepAliveMilliseconds: 5 })
    const streamed = await post(app, { ...question, stream: true })
    const waiting = post(app, question)
    await expect.poll(() => gates.length).toBe(1)
    const text = streamed.text()
    await queue.close()
    expect(await text).toContain('"code":"server_stopping"')
    expect((await waiting).status).toBe(503)
    expect((await app.request('/ready')).status).toBe(503)
    expect((await app.request('/health')).status).toBe(200)
    expect(engine.asked.map(({ end }) => end)).toEqual(['aborted'])
  })
})

test('an answer whose end is not yet taken leaves the model to the next one', async () => {
  const engine = scriptedEngine(() => eventsOf([{ type: 'text', text: 'a' }]))
  const queue = new AnswerQueue()
  const job = { chat: { messages: 'a' }, stream: true, includeUsage: false, maxCalls: 0 }
  const parts = answerInTurn({ engine, queue }, job, never)
  expect((await parts.next()).value).toMatchObject({ type: 'delta' })
  expect(queue.state.running).toBe(1)
  expect((await parts.next()).value).toMatchObject({ type: 'finish' })
  expect(queue.state.running).toBe(0)
})
