import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { defineTool } from './define-tool.ts'
import { scriptedModel } from './models/scripted-model.ts'
import { runAgent } from './run-agent.ts'
import { add, collect, hang, results } from './testing/agents.ts'
import type { AgentModel } from './types.ts'

describe('limits', () => {
  test('steps', async () => {
    const call = { calls: [{ name: 'add', arguments: { a: 1, b: 2 } }] }
    const model = scriptedModel([call, call, call])
    const { reason, steps, messages } = await runAgent({
      model,
      tools: [add],
      messages: 'go',
      maxSteps: 2,
    }).result()
    expect({ reason, steps }).toEqual({ reason: 'steps', steps: 2 })
    expect(messages.at(-1)).toMatchObject({ role: 'tool', content: '3' })
  })

  test('calls', async () => {
    const calls = Array.from({ length: 3 }, (_, a) => ({ name: 'add', arguments: { a, b: 1 } }))
    expect(await results([add], calls, { maxToolCalls: 2 })).toEqual([
      '1',
      '2',
      'Error: Not run: no more calls are allowed. Answer with what you have.',
    ])
  })

  test('time, with a tool that hangs', async () => {
    const model = scriptedModel([{ calls: [{ name: 'hang' }, { name: 'add', arguments: { a: 1, b: 2 } }] }])
    const { reason, messages } = await runAgent({
      model,
      tools: [hang, add],
      messages: 'go',
      maxMilliseconds: 300,
    }).result()
    expect(reason).toBe('time')
    expect(messages.slice(1).map(({ content }) => content)).toEqual([
      'Error: The run was stopped before this call ended: its time is up.',
      '3',
    ])
  })

  test('time, with a model that never lets timers run', async () => {
    const model: AgentModel = async function* () {
      while (true) yield { type: 'text-delta', text: 'x' }
    }
    expect((await runAgent({ model, messages: 'go', maxMilliseconds: 20 }).result()).reason).toBe('time')
  })

  test('time of a tool', async () => {
    let reason: unknown
    const slow = defineTool({
      name: 'slow',
      timeout: 10,
      execute: (_, { signal }) =>
        new Promise(() =>
          signal.addEventListener('abort', () => {
            reason = signal.reason
          }),
        ),
    })
    expect(await results([slow], [{ name: 'slow' }])).toEqual(['Error: the tool did not finish within 10 ms'])
    expect(reason).toMatchObject({ name: 'TimeoutError' })
  })

  test('length of a result', async () => {
    const long = defineTool({ name: 'long', execute: () => `${'a'.repeat(5000)}${'z'.repeat(5000)}` })
    const [content = ''] = await results([long], [{ name: 'long' }], { maxResultLength: 300 })
    expect(content.length).toBeLessThanOrEqual(300)
    expect(content).toMatch(/^a+\n\[\.\.\. \d+ characters left out \.\.\.\]\nz+$/)
  })
})

describe('stopping', () => {
  test('an abort reaches the model and the tools, and ends the run with its reason', async () => {
    const controller = new AbortController()
    let seen: unknown
    const wait = defineTool({
      name: 'wait',
      execute: (_, { signal }) => {
        signal.addEventListener('abort', () => {
          seen = signal.reason
        })
        setTimeout(() => controller.abort('enough'), 5)
        return new Promise(() => {})
      },
    })
    const model = scriptedModel([{ calls: [{ name: 'wait' }] }])
    const run = runAgent({ model, tools: [wait], messages: 'go', signal: controller.signal })
    const events = await collect(run)
    expect(events.map(({ type }) => type)).toEqual(['step', 'tool-call', 'tool-result', 'finish'])
    expect(events.at(-1)).toMatchObject({ result: { reason: 'aborted' } })
    expect(seen).toBe('enough')
    expect(model.requests[0]?.signal.reason).toBe('enough')
  })

  test.each(['needsApproval', 'approve'] as const)(
    'a tool does not start when %s stopped the run',
    async (by) => {
      const controller = new AbortController()
      const stopBy = (step: typeof by): boolean => {
        if (step === by) controller.abort()
        return true
      }
      let started = false
      const wait = defineTool({
        name: 'wait',
        needsApproval: () => by === 'approve' || !stopBy('needsApproval'),
        execute: () => {
          started = true
          return new Promise(() => {})
        },
      })
      const model = scriptedModel([{ calls: [{ name: 'wait' }] }])
      const approve = (): boolean => stopBy('approve')
      const options = { model, tools: [wait], messages: 'go', signal: controller.signal, approve }
      expect((await runAgent(options).result()).reason).toBe('aborted')
      expect(started).toBe(false)
    },
  )

  test('no tool starts after the time is up, even if no timer could run', async () => {
    let started = 0
    const block = defineTool({
      name: 'block',
      execute: () => {
        started++
        const until = performance.now() + 250
        while (performance.now() < until) {}
      },
    })
    const model = scriptedModel([{ calls: [{ name: 'block' }, { name: 'block' }, { name: 'block' }] }])
    const options = { model, tools: [block], messages: 'go', maxMilliseconds: 200, maxParallel: 1 }
    expect((await runAgent(options).result()).reason).toBe('time')
    expect(started).toBe(1)
  })

  test('a signal that is aborted already: no step', async () => {
    const model = scriptedModel(['x'])
    const events = await collect(runAgent({ model, messages: 'go', signal: AbortSignal.abort() }))
    expect(events).toMatchObject([{ type: 'finish', result: { reason: 'aborted', steps: 0, messages: [] } }])
    expect(model.requests).toEqual([])
  })

  test('a model that ignores the signal does not hold the run', async () => {
    const model: AgentModel = () => ({
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }),
    })
    const { reason } = await runAgent({ model, messages: 'go', signal: AbortSignal.timeout(10) }).result()
    expect(reason).toBe('aborted')
  })

  test('leaving the loop stops everything, lets the model end, and gives a result', async () => {
    let ended = false
    const model: AgentModel = async function* ({ signal }) {
      try {
        while (!signal.aborted) yield { type: 'text-delta', text: 'x' }
      } finally {
        ended = true
      }
    }
    const run = runAgent({ model, messages: 'go' })
    for await (const event of run) if (event.type === 'text') break
    expect(ended).toBe(true)
    expect(await run.result()).toMatchObject({ reason: 'aborted', messages: [], steps: 0 })
  })

  test('leaving between calls and results: every call has its result', async () => {
    let aborted = false
    const wait = defineTool({
      name: 'wait',
      execute: (_, { signal }) =>
        new Promise(() =>
          signal.addEventListener('abort', () => {
            aborted = true
          }),
        ),
    })
    const model = scriptedModel([{ calls: [{ name: 'add', arguments: { a: 1, b: 2 } }, { name: 'wait' }] }])
    const run = runAgent({ model, tools: [add, wait], messages: 'go' })
    for await (const event of run) if (event.type === 'tool-result') break
    const { messages } = await run.result()
    expect(aborted).toBe(true)
    expect(messages.map(({ content }) => content)).toEqual([
      '',
      '3',
      'Error: not run, because the run was stopped.',
    ])
  })

  test('return() while the model is waited for', async () => {
    let signal: AbortSignal | undefined
    // biome-ignore lint/correctness/useYield: it never gets so far
    const model: AgentModel = async function* (request) {
      signal = request.signal
      await sleep(60_000, undefined, { signal })
    }
    const run = runAgent({ model, messages: 'go' })
    const iterator = run[Symbol.asyncIterator]()
    await iterator.next()
    const pending = iterator.next()
    await sleep(2)
    await iterator.return?.()
    expect(signal?.aborted).toBe(true)
    expect(await pending).toMatchObject({ value: { type: 'finish', result: { reason: 'aborted' } } })
    expect((await run.result()).reason).toBe('aborted')
  })

  test('return() before anything ran', async () => {
    const model = scriptedModel(['x'])
    const run = runAgent({ model, messages: 'go' })
    await run[Symbol.asyncIterator]().return?.()
    expect(await run.result()).toMatchObject({ reason: 'aborted', messages: [] })
    expect(model.requests).toEqual([])
  })
})
