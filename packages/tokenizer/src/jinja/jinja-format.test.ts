/**
 * Formats from templates: as the built-in formats where the template is that of one, limits, and text that stays text.
 *
 * Mutations seen red: texts not hidden; a private character that the texts have; turns of loops not counted; texts not measured.
 */
import * as jinja from '@huggingface/jinja'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ChatMessage } from '../chat/types.ts'
import type { FormatOptions } from '../formats/format.ts'
import { chatFormats } from '../formats/index.ts'
import { cachedTemplate, noTemplate } from '../testing/cached-templates.ts'
import { readGolden } from '../testing/golden.ts'
import { ChatTemplateError } from './chat-template-error.ts'
import { jinjaFormat } from './jinja-format.ts'
import type { TemplateLimits } from './template-limits.ts'

interface Case {
  readonly messages: readonly ChatMessage[]
  readonly options: FormatOptions
  readonly text: string
}

const BEGIN = '<｜begin▁of▁sentence｜>'
/**
 * The library strips white space as JavaScript knows it and all of it where Python strips line ends only, and writes small and
 * large numbers as JavaScript does. And a template that looks for its markers in a message of the user does not find them.
 */
const knownDifference = /[\ufeff\u0085\t\u00a0\u2028 ]|\\n|\\u00|\d[eE]|0\.00001|0{20}|<tool_response>/
const TOOLS = [{ name: 'f', description: 'does f', parameters: { type: 'object', properties: { a: {} } } }]

const words = [
  'a',
  'b c',
  '世界',
  '<',
  '<|im_end|>',
  '<｜User｜>',
  '<|eot_id|>',
  '<tool_call>',
  '<｜tool▁sep｜>',
  '</b>',
]
const content = fc
  .array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''))

/** Conversations that a template takes: calls have results, Llama 3 has one call a turn, and V3 none beside content. */
function conversation(name: string): fc.Arbitrary<ChatMessage[]> {
  const plain = fc.tuple(content, content).map(([question, answer]): ChatMessage[] => [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ])
  const call = content.map((text) => ({ name: 'f', arguments: JSON.stringify({ a: text, b: [1] }) }))
  const calls = fc.array(call, { minLength: 1, maxLength: name === 'llama3' ? 1 : 3 })
  const round = fc.tuple(calls, content).map(([toolCalls, result]): ChatMessage[] => [
    { role: 'user', content: 'q' },
    {
      role: 'assistant',
      content: name === 'qwen3' ? 'so' : null,
      toolCalls:
        name === 'llama3'
          ? toolCalls.map((one) => ({ ...one, arguments: JSON.parse(one.arguments) as object }))
          : toolCalls,
    },
    ...toolCalls.map((): ChatMessage => ({ role: 'tool', content: result })),
  ])
  const turns = fc.array(name === 'chatML' ? plain : fc.oneof(plain, round), { maxLength: 4 })
  return fc
    .tuple(content, turns, content)
    .map(([system, middle, question]): ChatMessage[] => [
      { role: 'system', content: system },
      ...middle.flat(),
      { role: 'user', content: question },
    ])
}

const names = [
  ['deepseekV31', BEGIN, 'text', 400],
  ['deepseekV3', BEGIN, 'text', 400],
  ['deepseekR1', BEGIN, 'text', 400],
  ['qwen3', '', 'given', 300],
  ['llama3', '<|begin_of_text|>', 'object', 280],
  ['chatML', '', 'object', 380],
] as const

describe.each(names)('the template of %s', (name, beginToken, form, leastSame) => {
  const template = cachedTemplate(name)
  if (template === undefined) {
    test('conversations', ({ skip }) => skip(true, noTemplate))
    return
  }
  const { controlTokens } = chatFormats[name]
  const format = jinjaFormat(template, { jinja, controlTokens, beginToken, arguments: form })
  const { cases } = readGolden(`chat-${name}.json.gz`) as { cases: readonly Case[] }

  test('renders as transformers does, but for what the library does differently', () => {
    let same = 0
    for (const { messages, options, text } of cases) {
      const rendered = format.render(messages, options).text
      if (rendered === text) same++
      else expect(JSON.stringify([messages, options])).toMatch(knownDifference)
    }
    expect(same).toBeGreaterThanOrEqual(leastSame)
  })

  test('renders random conversations as the built-in format', () => {
    fc.assert(
      fc.property(conversation(name), fc.boolean(), fc.boolean(), (messages, asks, described) => {
        const tools = described && ['qwen3', 'llama3'].includes(name) ? TOOLS : undefined
        const options = { addGenerationPrompt: asks, tools, ...(name === 'qwen3' && { thinking: asks }) }
        expect(format.render(messages, options).text).toBe(chatFormats[name].render(messages, options).text)
      }),
      { numRuns: 300 },
    )
  })
})

const format = (template: string, limits?: TemplateLimits) =>
  jinjaFormat(template, { jinja, controlTokens: ['<s>', '[X]'], limits })
const user = (content: string): ChatMessage[] => [{ role: 'user', content }]

test('control tokens of the template are control tokens, those of messages are text', () => {
  const simple = format('<s>{% for m in messages %}[X]{{ m.content | trim }}{% endfor %}')
  fc.assert(
    fc.property(fc.array(fc.constantFrom('<s>', '[X]', '<', '[', 's>', '\ue000', 'a', ' ')), (parts) => {
      const content = parts.join('')
      const { segments } = simple.render(user(content))
      expect(segments.filter(({ control }) => control).map(({ text }) => text)).toEqual(['<s>', '[X]'])
      expect(segments.map(({ text }) => text).join('')).toBe(`<s>[X]${content.trim()}`)
    }),
  )
})

describe('runaway templates end as an error', () => {
  test.each([
    [
      'a long loop',
      '{% for i in range(900000) %}{% for j in range(900000) %}{% endfor %}{% endfor %}',
      'maxSteps',
    ],
    ['a long list', '{{ range(100000000) | length }}', 'maxItems'],
    ['a backward list', '{{ range(0, -100000000, -1) | length }}', 'maxItems'],
    [
      'doubling',
      '{% set n = namespace(x="ab") %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}',
      'maxText',
    ],
    [
      'work',
      '{% for i in range(90000) %}{% for j in range(900) %}{{ i * j }}{% endfor %}{% endfor %}',
      'maxMilliseconds',
    ],
    ['recursion', '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}', undefined],
    ['an endless list', '{{ range(0, 1, 0) }}', undefined],
  ])('%s', (_, template, limit) => {
    const start = performance.now()
    let error: unknown
    try {
      format(
        template,
        limit === 'maxMilliseconds'
          ? { maxMilliseconds: 200 }
          : limit === 'maxSteps'
            ? { maxSteps: 500_000 }
            : {},
      ).render(user('a'))
    } catch (caught) {
      error = caught
    }
    expect(error).toBeInstanceOf(ChatTemplateError)
    if (limit !== undefined) expect(error).toMatchObject({ limit })
    expect(performance.now() - start).toBeLessThan(20_000)
  })

  test('a template that is too long, or no template', () => {
    expect(() => format('a'.repeat(11), { maxTemplate: 10 })).toThrow('maxTemplate')
    expect(() => format('{% if %}')).toThrow(ChatTemplateError)
  })

  test('a refusal of the template names its reason', () => {
    expect(() => format('{{ raise_exception("no tools") }}').render(user('a'))).toThrow('no tools')
  })
})

test('a turn is continued where its content ends', () => {
  const chat = format('{% for m in messages %}<s>{{ m.content }}[X]{% endfor %}')
  const messages: ChatMessage[] = [...user('q'), { role: 'assistant', content: 'It is ' }]
  expect(chat.render(messages, { continueFinalMessage: true }).text).toBe('<s>q[X]<s>It is')
})

test('the parser is that of the closest format, or plain', () => {
  const parse = (template: string, output: string) => {
    const parser = jinjaFormat(template, { jinja, controlTokens: ['</s>'], endToken: '</s>' }).parser()
    return [...parser.push(output), ...parser.finish()].at(-1)
  }
  const call = '<tool_call>{"name": "f"}</tool_call>'
  expect(parse('{{ "<tool_call>" }}', call)).toMatchObject({ message: { toolCalls: [{ name: 'f' }] } })
  expect(parse('a', `${call}</s>b`)).toMatchObject({ message: { content: call, toolCalls: [] } })
})
