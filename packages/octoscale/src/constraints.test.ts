/** Answers in a form: the embedded model, which would rather answer in words, has to. */
import { octoTiny } from '@octoscale/octo-tiny'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Llm, load, OptionError } from './index.ts'

let llm: Llm
beforeAll(async () => {
  llm = await load(octoTiny, { backend: 'wasm' })
})
afterAll(() => llm.dispose())

const weather = {
  name: 'get_weather',
  parameters: {
    type: 'object',
    properties: {
      city: { type: 'string', maxLength: 20 },
      days: { type: 'integer', minimum: 1, maximum: 9 },
    },
    required: ['city', 'days'],
    additionalProperties: false,
  },
}
const now = { name: 'now', parameters: { type: 'object', properties: {}, additionalProperties: false } }

describe('toolChoice', () => {
  test.each([false, true])(
    'required: a call of the schema to a question for no tool (thinking %s)',
    async (thinking) => {
      for (const temperature of [0, 1.5]) {
        const options = {
          messages: 'What is 47 + 38?',
          tools: [weather, now],
          thinking,
          temperature,
          seed: 3,
        }
        const { toolCalls, finishReason } = await llm
          .chat({ ...options, toolChoice: 'required', thinkingBudget: 20, maxTokens: 300 })
          .result()
        expect(finishReason).toBe('tool-calls')
        expect(toolCalls.length).toBeGreaterThan(0)
        for (const { name, arguments: text } of toolCalls) {
          const given = JSON.parse(text)
          if (name === 'now') expect(given).toEqual({})
          else {
            expect(name).toBe('get_weather')
            expect(Object.keys(given)).toEqual(['city', 'days'])
            expect(given.city.length).toBeLessThanOrEqual(20)
            expect([1, 2, 3, 4, 5, 6, 7, 8, 9]).toContain(given.days)
          }
        }
      }
    },
  )

  test('a name: that tool', async () => {
    const { toolCalls } = await llm
      .chat({ messages: 'Hello', tools: [weather, now], toolChoice: { name: 'now' }, temperature: 0 })
      .result()
    expect(new Set(toolCalls.map(({ name }) => name))).toEqual(new Set(['now']))
  })

  test('none: the tools are not told', async () => {
    const question = 'What is the weather in Hamburg?'
    const without = await llm.chat({ messages: question, temperature: 0 }).result()
    const none = await llm
      .chat({ messages: question, tools: [weather], toolChoice: 'none', temperature: 0 })
      .result()
    expect(none.content).toBe(without.content)
    expect(none.usage.promptTokens).toBe(without.usage.promptTokens)
  })

  test('strictTools: the model may, but if it calls then rightly', async () => {
    const options = { messages: 'What is the weather in Hamburg?', tools: [weather], temperature: 0 }
    const { toolCalls } = await llm.chat({ ...options, strictTools: true }).result()
    expect(toolCalls).toHaveLength(1)
    expect(Object.keys(JSON.parse(toolCalls[0]?.arguments ?? ''))).toEqual(['city', 'days'])
  })

  test('what cannot be is refused', async () => {
    const chat = (more: object) => llm.chat({ messages: 'Hi', tools: [now], ...more }).result()
    await expect(chat({ toolChoice: { name: 'later' } })).rejects.toThrow(OptionError)
    await expect(chat({ toolChoice: 'required', responseFormat: { type: 'json' } })).rejects.toThrow(
      'left out where a tool must be called',
    )
    await expect(chat({ tools: [], toolChoice: 'required' })).rejects.toThrow('the choice of tools')
  })
})

describe('responseFormat', () => {
  test('JSON of a schema, with what the schema says in vain', async () => {
    const schema = {
      type: 'object',
      properties: { sum: { type: 'integer' }, unit: { enum: ['km', 'm'] } },
      required: ['sum', 'unit'],
      additionalProperties: false,
      unevaluatedItems: false,
    }
    const { content, warnings } = await llm
      .chat({
        messages: 'What is 47 + 38?',
        responseFormat: { type: 'json', schema },
        maxTokens: 200,
        temperature: 0,
      })
      .result()
    const answer = JSON.parse(content)
    expect(Object.keys(answer)).toEqual(['sum', 'unit'])
    expect(Number.isInteger(answer.sum)).toBe(true)
    expect(['km', 'm']).toContain(answer.unit)
    expect(warnings?.map(({ keyword }) => keyword)).toEqual(['unevaluatedItems'])
  })

  test('a regular expression, behind thinking too', async () => {
    const { content, thinking } = await llm
      .chat({
        messages: 'What is 47 + 38?',
        thinking: true,
        responseFormat: { type: 'regex', pattern: '\\d{2,3} apples' },
        temperature: 0,
      })
      .result()
    expect(thinking).not.toBe('')
    expect(content).toMatch(/^\d{2,3} apples$/)
  })
})
