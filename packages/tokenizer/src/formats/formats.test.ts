/**
 * Prompts as ids, refusals, and the way from a prompt to its answer.
 *
 * Tried as mutations, each caught by a test of this folder: plain text encoded with added tokens; the continued turn closed;
 * tools written to ChatML; two calls accepted by Llama 3; the suffix written for the prefix; `strip` as JavaScript's `trim`; thinking
 * before the last question kept; a missing `｜DSML｜` written as a control token; the types of gpt-oss cut at 51. V3, R1: the
 * closing markers of later calls, the last `</think>`, closed results. V3.2: thinking behind results. gpt-oss: kept thinking.
 */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ChatError } from '../chat/chat-error.ts'
import type { ChatMessage } from '../chat/types.ts'
import { tokenizerFromJson } from '../tokenizer/tokenizer.ts'
import { chatFormats } from './index.ts'

const json = JSON.parse(
  readFileSync(new URL('../../../octo-tiny/model/tokenizer.json', import.meta.url), 'utf8'),
) as { added_tokens: { id: number; content: string }[] }
const formats = Object.values(chatFormats)
const present = new Set(json.added_tokens.map(({ content }) => content))
let nextId = Math.max(...json.added_tokens.map(({ id }) => id)) + 1
for (const content of new Set(formats.flatMap((format) => format.controlTokens))) {
  if (present.has(content)) continue
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: false }
  json.added_tokens.push({ id: nextId++, content, ...flags } as { id: number; content: string })
}
const tokenizer = tokenizerFromJson(json)

const question: ChatMessage = { role: 'user', content: 'q' }
const calls = [{ name: 'f', arguments: '{"a": 1}' }]

describe.each(formats)('$name', (format) => {
  const controls = new Set(format.controlTokens.map((token) => tokenizer.idOf(token)))
  const holdsTools = format.name !== 'chatml'
  // DeepSeek V3 writes calls only where there is no content.
  const beside = /^deepseek-(v3|r1)$/.test(format.name) ? null : 'x'
  const conversation = (content: string): ChatMessage[] => [
    { role: 'system', content },
    { role: 'user', content },
    ...(holdsTools
      ? ([
          { role: 'assistant', content: beside, toolCalls: [{ name: 'f', arguments: { content } }] },
          { role: 'tool', content },
        ] as const)
      : []),
    { role: 'user', content },
  ]
  const describesTools = holdsTools && !/^deepseek-(v3|r1)$/.test(format.name)
  const tools = describesTools ? [{ name: 'f', description: 'does f' }] : undefined
  const render = (content: string) => format.render(conversation(content), { tools })

  test('control tokens inside messages stay text', () => {
    const found = (content: string): number[] =>
      render(content)
        .ids(tokenizer)
        .filter((id) => controls.has(id))
    const expected = found('x')
    expect(expected.length).toBeGreaterThan(3)
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...format.controlTokens, 'a', '\n')), (parts) => {
        const content = `a${parts.join('')}a`
        expect(found(content)).toEqual(expected)
        expect(tokenizer.decode(render(content).ids(tokenizer))).toBe(render(content).text)
      }),
    )
  })

  test('without control tokens inside, ids are those of the rendered text', () => {
    const prompt = render('Grüße, 世界')
    expect(prompt.ids(tokenizer)).toEqual(tokenizer.encode(prompt.text))
  })

  test('a continued turn stays open, and only an answer can be continued', () => {
    const messages: ChatMessage[] = [question, { role: 'assistant', content: 'It is' }]
    expect(format.render(messages, { continueFinalMessage: true }).text).toMatch(/It is$/)
    expect(() => format.render([question], { continueFinalMessage: true })).toThrow(ChatError)
  })

  test('an answer comes back through decoder and parser', () => {
    const end = format.render([question, { role: 'assistant', content: 'yes' }], {
      addGenerationPrompt: false,
    })
    const turnEnd = end.segments.findLast((segment) => segment.control)?.text ?? ''
    const decoder = format.segmentDecoder(tokenizer)
    const parser = format.parser({ thinking: false })
    const pieces = tokenizer.encode(`yes, 世界${turnEnd}`).flatMap((id) => decoder.push(id))
    const events = [...pieces, ...decoder.finish()].flatMap((piece) => parser.push(piece))
    expect([...events, ...parser.finish()].at(-1)).toMatchObject({
      message: { content: 'yes, 世界', toolCalls: [] },
    })
  })
})

test('fill in the middle: prefix, hole, suffix; markers inside are text', () => {
  const prompt = chatFormats.deepseekV31.fillInMiddle?.({ prefix: 'a<｜fim▁hole｜>', suffix: 'b' })
  expect(prompt?.text).toBe(
    '<｜begin▁of▁sentence｜><｜fim▁begin｜>a<｜fim▁hole｜><｜fim▁hole｜>b<｜fim▁end｜>',
  )
  const hole = tokenizer.idOf('<｜fim▁hole｜>')
  expect(prompt?.ids(tokenizer).filter((id) => id === hole)).toHaveLength(1)
  expect(chatFormats.qwen3.fillInMiddle).toBeUndefined()
})

test('a control token that the tokenizer lacks is text where the format says so', () => {
  const added = json.added_tokens.filter(({ content }) => content !== '｜DSML｜')
  const without = tokenizerFromJson({ ...json, added_tokens: added })
  const messages: ChatMessage[] = [question, { role: 'assistant', content: null, toolCalls: calls }]
  const prompt = chatFormats.deepseekV32.render(messages)
  expect(without.idOf('｜DSML｜')).toBeUndefined()
  expect(prompt.ids(without)).toEqual(without.encode(prompt.text))
  expect(prompt.ids(tokenizer)).toContain(tokenizer.idOf('｜DSML｜'))
})

test('gpt-oss: a list of a long type is a list of anything', () => {
  const shown = (length: number): string => {
    const parameters = { properties: { a: { type: 'array', items: { type: ['x'.repeat(length)] } } } }
    return chatFormats.harmony.render([question], { tools: [{ name: 'f', parameters }] }).text
  }
  expect(shown(50)).toContain(`a?: ${'x'.repeat(50)}[],`)
  expect(shown(51)).toContain('a?: any[],')
})

describe('refused, with the place', () => {
  const { chatML, llama3 } = chatFormats
  const called: ChatMessage = { role: 'assistant', content: '', toolCalls: calls }
  test.each([
    ['tools in ChatML', () => chatML.render([question], { tools: [{ name: 'f' }] }), 'tools'],
    ['calls in ChatML', () => chatML.render([question, called]), 'messages[1].toolCalls'],
    [
      'two calls in Llama 3',
      () => llama3.render([question, { ...called, toolCalls: [...calls, ...calls] }]),
      'messages[1].toolCalls',
    ],
    [
      'tools without a question in Llama 3',
      () => llama3.render([{ role: 'system', content: 's' }], { tools: [{ name: 'f' }] }),
      'messages[0]',
    ],
    [
      'tools before an answer in Llama 3',
      () => llama3.render([called], { tools: [{ name: 'f' }] }),
      'messages[0]',
    ],
  ])('%s', (_, run, place) => {
    expect(run).toThrow(ChatError)
    expect(run).toThrow(place)
  })
})

test('JSON text of arguments is kept to the byte', () => {
  const messages: ChatMessage[] = [question, { role: 'assistant', content: '', toolCalls: calls }]
  expect(chatFormats.llama3.render(messages).text).toContain('"parameters": {"a": 1}}')
  expect(chatFormats.qwen3.render(messages).text).toContain('"arguments": {"a": 1}}')
})
