import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defineTool } from './define-tool.ts'
import { type ScriptedStep, scriptedModel } from './models/scripted-model.ts'
import { runAgent } from './run-agent.ts'
import type { AgentEvent, AgentMessage, Tool } from './types.ts'

/** Well-behaved tools and others, which count what runs. */
function createTools(): {
  tools: readonly Tool[]
  count: { started: number; running: number; most: number }
} {
  const count = { started: 0, running: 0, most: 0 }
  const counted = (
    name: string,
    run: () => unknown,
    more: { timeout?: number; needsApproval?: boolean } = {},
  ): Tool =>
    defineTool({
      name,
      ...more,
      parameters: { type: 'object', properties: { n: { type: 'integer' } } },
      execute: async () => {
        count.started++
        count.most = Math.max(count.most, ++count.running)
        try {
          return await run()
        } finally {
          count.running--
        }
      },
    })
  const tools = [
    counted('text', () => 'text'),
    counted('slow', () => sleep(2, { slow: true })),
    counted('throws', () => {
      throw new RangeError('thrown')
    }),
    counted('asks', () => 'allowed', { needsApproval: true }),
    counted('late', () => sleep(30), { timeout: 2 }),
    counted('hangs', () => new Promise(() => {})),
  ]
  return { tools, count }
}

const call = fc.record({
  name: fc.constantFrom('text', 'slow', 'throws', 'asks', 'late', 'hangs', 'missing'),
  arguments: fc.constantFrom('', '{}', '{"n":1}', '{"n":"x"}', '{"n"', '[]'),
  id: fc.constantFrom('', 'a', 'b'),
})
const step: fc.Arbitrary<ScriptedStep> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ content: fc.constantFrom('', 'x'), calls: fc.array(call, { maxLength: 5 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      thinking: fc.constant('t'),
      calls: fc.array(call, { maxLength: 3 }),
      finishReason: fc.constant('length' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant(new RangeError('the model failed')) },
)
const scenario = fc.record({
  steps: fc.array(step, { maxLength: 5 }),
  maxSteps: fc.integer({ min: 1, max: 4 }),
  maxToolCalls: fc.integer({ min: 0, max: 8 }),
  maxParallel: fc.integer({ min: 1, max: 3 }),
  approve: fc.constantFrom('yes', 'no', 'nobody', 'throws'),
  /** After how many events the run is aborted or left; more than there are: never. */
  stopAt: fc.integer({ min: 0, max: 25 }),
  stopBy: fc.constantFrom('abort', 'leave'),
})

/** Each answer is followed by one result for each of its calls, in their order; no id is used twice. */
function checkConversation(messages: readonly AgentMessage[]): void {
  const waiting: string[] = []
  const seen = new Set<string>()
  for (const message of messages) {
    if (message.role === 'tool') expect(message.toolCallId).toBe(waiting.shift())
    else expect(waiting).toEqual([])
    if (message.role !== 'assistant') continue
    for (const { id } of message.toolCalls ?? []) {
      expect(id).not.toBe('')
      expect(seen).not.toContain(id)
      seen.add(id)
      waiting.push(id)
    }
  }
  expect(waiting).toEqual([])
}

const place = { step: 0, thinking: 1, text: 2, 'tool-call': 3, 'tool-result': 4, error: 5, finish: 6 }

/** The order within a step, and one result for each call. */
function checkEvents(events: readonly AgentEvent[], whole: boolean): void {
  let current = 0
  let last = -1
  const open = new Set<string>()
  for (const event of events) {
    if (event.type === 'step') {
      expect(open).toEqual(new Set())
      expect(event.step).toBe(++current)
      last = -1
    } else if (event.type !== 'finish') expect(event.step).toBe(current)
    expect(place[event.type]).toBeGreaterThanOrEqual(last)
    last = place[event.type]
    if (event.type === 'tool-call') open.add(event.call.id)
    if (event.type === 'tool-result') expect(open.delete(event.result.call.id)).toBe(true)
  }
  if (!whole) return
  expect(open).toEqual(new Set())
  expect(events.filter(({ type }) => type === 'finish')).toHaveLength(1)
  expect(events.at(-1)?.type).toBe('finish')
}

test('whatever models and tools do, and whenever it is stopped, a run keeps its promises', async () => {
  const reasons = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(scenario, async ({ steps, stopAt, stopBy, approve, ...limits }) => {
      const { tools, count } = createTools()
      const model = scriptedModel(steps)
      const controller = new AbortController()
      const run = runAgent({
        model,
        tools,
        messages: 'go',
        maxMilliseconds: 40,
        signal: controller.signal,
        approve:
          approve === 'nobody'
            ? undefined
            : async () => {
                if (approve === 'throws') throw new TypeError('closed')
                return approve === 'yes'
              },
        ...limits,
      })
      const startedAt = performance.now()
      const events: AgentEvent[] = []
      let left = false
      if (stopAt === 0 && stopBy === 'abort') controller.abort()
      for await (const event of run) {
        events.push(event)
        if (events.length !== stopAt) continue
        left = stopBy === 'leave' && event.type !== 'finish'
        if (left) break
        controller.abort()
      }
      const result = await run.result()
      // The limit is 40 ms; the rest is a slow machine.
      expect(performance.now() - startedAt).toBeLessThan(5000)
      checkEvents(events, !left)
      checkConversation(result.messages)
      for (const { messages } of model.requests) checkConversation(messages)
      expect(result.steps).toBeLessThanOrEqual(limits.maxSteps)
      expect(model.requests.length).toBeLessThanOrEqual(limits.maxSteps)
      expect(result.messages.filter(({ role }) => role === 'assistant')).toHaveLength(result.steps)
      expect(count.started).toBeLessThanOrEqual(limits.maxToolCalls)
      if (!left) expect(events.at(-1)).toEqual({ type: 'finish', result })
      if (left) expect(result.reason).toBe('aborted')
      reasons.set(result.reason, (reasons.get(result.reason) ?? 0) + 1)
      // Tools that time out may still be running when the next one starts: they are dropped, not waited for.
      const dropped = events.filter(
        (event) => event.type === 'tool-result' && event.result.content.includes('did not finish'),
      )
      expect(count.most).toBeLessThanOrEqual(limits.maxParallel + dropped.length)
    }),
    { numRuns: 600 },
  )
  // The scenarios reach every way to end.
  expect([...reasons.keys()].sort()).toEqual(['aborted', 'error', 'length', 'steps', 'stop', 'time'])
})
