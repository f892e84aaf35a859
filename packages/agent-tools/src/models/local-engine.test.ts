import { octoTiny } from '@octoscale/octo-tiny'
import { type Llm, load } from 'octoscale'
import { expect, expectTypeOf, test } from 'vitest'
import { defineTool } from '../define-tool.ts'
import { runAgent } from '../run-agent.ts'
import type { AgentModel } from '../types.ts'

test('the local engine needs no adapter', () => {
  const model =
    (llm: Llm): AgentModel =>
    (request) =>
      llm.chat({ ...request, temperature: 0 })
  expectTypeOf(model).returns.toEqualTypeOf<AgentModel>()
})

test('the embedded model as an agent: it calls a tool, answers from the result, and is free afterwards', async () => {
  const llm = await load(octoTiny, { backend: 'wasm' })
  const model: AgentModel = (request) => llm.chat({ ...request, temperature: 0, maxTokens: 100 })
  const seen: unknown[] = []
  const convert = defineTool({
    name: 'convert_format',
    description: 'Round a number to a number format.',
    parameters: {
      type: 'object',
      properties: { value: { type: 'number' }, format: { type: 'string', enum: ['e4m3', 'e5m2'] } },
      required: ['value', 'format'],
    },
    execute: (input) => {
      seen.push(input)
      return { value: 3.25 }
    },
  })
  const options = { model, tools: [convert], messages: 'What is 3.3 in e4m3?' }
  const result = await runAgent(options).result()
  expect(seen).toEqual([{ value: 3.3, format: 'e4m3' }])
  expect(result).toMatchObject({ reason: 'stop', steps: 2, content: expect.stringContaining('3.25') })
  expect(result.usage.completionTokens).toBeGreaterThan(10)

  // Left in the middle of an answer: the engine, which answers one call at a time, is free at once.
  for await (const event of runAgent({ model, messages: 'Hello!' })) if (event.type === 'text') break
  const stopped = new AbortController()
  for await (const event of runAgent({ model, messages: 'Hello!', signal: stopped.signal })) {
    if (event.type === 'text') stopped.abort()
  }
  expect((await llm.chat({ messages: 'Hello!', maxTokens: 5 }).result()).usage.completionTokens).toBe(5)
  llm.dispose()
})
