/**
 * Parsers of Hermes and Llama 3 on generated output.
 *
 * Mutations seen red: an object of Llama 3 that is decided per piece instead of per character; a name of no text that does
 * not decide; content that is not collected; an object that is held to its end; arguments that are held to the end of the call;
 * trailing line ends found by the pattern /\n+$/ (quadratic).
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFencedChatParser } from '../chat/parser.ts'
import type { ChatSegment } from '../chat/types.ts'
import { merged } from '../testing/chat-events.ts'
import { caseEvents } from '../testing/parser-cases.ts'
import { createDsmlParser } from './dsml.ts'
import { createHarmonyParser } from './harmony.ts'
import { createHermesParser } from './hermes.ts'
import { createLlama3Parser } from './llama3.ts'

const common = [
  '{"name": "f", "arguments": {"a": 1}}',
  '{"name": "g", "parameters": {}}',
  '{"name": "',
  '"arguments": ',
  '{',
  '}',
  '[',
  '"',
  '\\',
  ':',
  ',',
  ';',
  ' ',
  '\n',
  '1',
  '<',
  'text',
  '👩‍👩‍👧',
]
const formats = {
  'deepseek-v3': {
    create: createFencedChatParser,
    fragments: [
      '<｜tool▁calls▁begin｜>',
      '<｜tool▁calls▁end｜>',
      '<｜tool▁call▁begin｜>function<｜tool▁sep｜>',
      '<｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```json\n',
      '\n```<｜tool▁call▁end｜>',
      '<｜end▁of▁sentence｜>',
      '<think>',
      '</think>',
      '```',
      '`',
      '<｜tool',
      ...common,
    ],
  },
  'deepseek-v3.2': {
    create: createDsmlParser,
    fragments: [
      '<｜DSML｜function_calls>',
      '</｜DSML｜function_calls>',
      '<｜DSML｜invoke name="',
      'f">\n',
      '<｜DSML｜invoke name="f">\n',
      '</｜DSML｜invoke>',
      '<｜DSML｜parameter name="a" string="true">',
      '<｜DSML｜parameter name="b" string="false">',
      '</｜DSML｜parameter>',
      '<｜end▁of▁sentence｜>',
      '<think>',
      '</think>',
      '<｜DS',
      '>',
      ...common,
    ],
  },
  harmony: {
    create: createHarmonyParser,
    fragments: [
      '<|start|>assistant',
      '<|channel|>analysis<|message|>',
      '<|channel|>final<|message|>',
      '<|channel|>commentary to=functions.f <|constrain|>json<|message|>',
      ' to=functions.g<|channel|>commentary json<|message|>',
      '<|message|>',
      '<|end|>',
      '<|call|>',
      '<|return|>',
      '<|sta',
      ' to=',
      ...common,
    ],
  },
  hermes: {
    create: createHermesParser,
    fragments: ['<tool_call>', '</tool_call>', '<think>', '</think>', '<|im_end|>', '<tool_', ...common],
  },
  llama3: {
    create: createLlama3Parser,
    fragments: ['<|python_tag|>', '<|eot_id|>', '<|eom_id|>', '<|python', ...common],
  },
}

/** Where the runs of one character stand. */
const opened: Readonly<Record<string, readonly string[]>> = {
  'deepseek-v3': ['', '<｜tool▁call▁begin｜>', '<｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n'],
  'deepseek-v3.2': ['', '<｜DSML｜invoke name="', '<｜DSML｜invoke name="f">\n<｜DSML｜parameter name="'],
  harmony: ['', '<|channel|>', '<|channel|>commentary to=f<|message|>'],
  hermes: ['', '<tool_call>'],
  llama3: ['', '<|python_tag|>{"name": "f", "parameters": {"a": '],
}

describe.each(Object.entries(formats))('%s', (format, { create, fragments }) => {
  const output = fc
    .array(fc.constantFrom(...fragments), { maxLength: 12 })
    .map((parts) => ({ parts, text: parts.join('') }))

  test('events do not depend on where the output is cut', () => {
    fc.assert(
      fc.property(output, fc.boolean(), ({ parts, text }, thinking) => {
        const whole = caseEvents(create, thinking, [text])
        expect(caseEvents(create, thinking, text.split(''))).toEqual(whole)
        expect(caseEvents(create, thinking, parts)).toEqual(whole)
      }),
      { numRuns: 3000 },
    )
  })

  test('events agree with the message, calls with their deltas, and arguments are JSON', () => {
    fc.assert(
      fc.property(output, fc.boolean(), ({ text }, thinking) => {
        const parser = create({ thinking, createId: (index) => `id${index}` })
        const events = [...parser.push(text), ...parser.finish()]
        const last = events.at(-1)
        if (last?.type !== 'message') return expect(last?.type).toBe('message')
        const joined = (type: string): string =>
          events.map((event) => (event.type === type && 'text' in event ? event.text : '')).join('')
        expect(last.message.content).toBe(joined('text-delta'))
        expect(last.message.thinking).toBe(joined('thinking-delta'))
        const calls = events.filter((event) => event.type === 'tool-call')
        expect(calls.map(({ id }) => id)).toEqual(last.message.toolCalls.map(({ id }) => id))
        for (const { index, arguments: args } of calls) {
          const deltas = events.map((event) =>
            event.type === 'tool-call-arguments-delta' && event.index === index ? event.text : '',
          )
          expect(deltas.join('')).toBe(args)
          expect(() => JSON.parse(args)).not.toThrow()
        }
      }),
      { numRuns: 3000 },
    )
  })

  test('nothing is lost where there is no call and no marker', () => {
    const plain = fc.array(fc.constantFrom(...common), { maxLength: 12 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(plain, (text) => {
        const parser = create()
        const events = [...parser.push(text), ...parser.finish()]
        const last = events.at(-1)
        if (last?.type !== 'message' || last.message.toolCalls.length > 0) return
        expect(last.message.content).toBe(text)
      }),
      { numRuns: 2000 },
    )
  })

  test('a made id, and nothing after the end', () => {
    const text = '{"name": "f", "parameters": {}}'
    const parser = create()
    const whole: Readonly<Record<string, string>> = {
      'deepseek-v3': '<｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n{}<｜tool▁call▁end｜>',
      'deepseek-v3.2': '<｜DSML｜invoke name="f">\n</｜DSML｜invoke>',
      harmony: ' to=functions.f<|channel|>commentary<|message|>{}<|call|>',
      hermes: `<tool_call>${text}</tool_call>`,
    }
    const events = parser.push(whole[format] ?? text)
    expect(events.at(-1)).toMatchObject({
      type: 'tool-call',
      id: expect.stringMatching(/^call_[0-9a-f]{24}$/),
    })
    expect(parser.finish()).toHaveLength(1)
    expect(parser.finish()).toEqual([])
    expect(parser.push('x')).toEqual([])
  })

  test('long runs of one character take no quadratic time', () => {
    for (const character of ['\n', ' ', '{', '<', '"', ';', 'a']) {
      for (const before of opened[format] ?? ['']) {
        const run = character.repeat(200_000)
        const start = performance.now()
        const events = caseEvents(create, false, [before, `${run}x`, run, ...run.slice(0, 50_000)])
        expect(events.length).toBeGreaterThan(0)
        // Linear is below 0.1 s; quadratic would be minutes.
        expect(performance.now() - start).toBeLessThan(5000)
      }
    }
  })
})

test('arguments are reported while they arrive', () => {
  const parser = createHermesParser({ createId: (index) => `id${index}` })
  expect(parser.push('<tool_call>{"name": "f"')).toEqual([
    { type: 'tool-call-start', index: 0, id: 'id0', name: 'f' },
  ])
  expect(parser.push(', "arguments": {"a"')).toEqual([
    { type: 'tool-call-arguments-delta', index: 0, text: '{"a"' },
  ])
  expect(parser.push(': 1')).toEqual([{ type: 'tool-call-arguments-delta', index: 0, text: ': 1' }])
  expect(parser.push('}}')).toEqual([{ type: 'tool-call-arguments-delta', index: 0, text: '}' }])
})

test('a JSON answer of Llama 3 is held back only until it is decided', () => {
  const parser = createLlama3Parser()
  expect(parser.push('{"na')).toEqual([])
  expect(merged(parser.push('tion": "'))).toEqual([{ type: 'text-delta', text: '{"nation": "' }])
  expect(parser.push('x')).toEqual([{ type: 'text-delta', text: 'x' }])
  const unnamed = '{"name": ""'
  expect(createLlama3Parser().push(unnamed)).toEqual([{ type: 'text-delta', text: unnamed }])
})

test('markers that are spelled out in plain segments are text, control segments are markers', () => {
  const object = '{"name": "f", "parameters": {}}'
  const plain = (text: string): ChatSegment => ({ text, control: false })
  const control = (text: string): ChatSegment => ({ text, control: true })
  for (const [create, begin, end] of [
    [createHermesParser, '<tool_call>', '</tool_call>'],
    [createLlama3Parser, '<|python_tag|>', '<|eom_id|>'],
  ] as const) {
    const of = (pieces: ChatSegment[]) => {
      const parser = create()
      return merged([...pieces.flatMap((piece) => parser.push(piece)), ...parser.finish()])
    }
    const spelled = begin + object + end
    expect(of([plain(spelled)])[0]).toEqual({ type: 'text-delta', text: spelled })
    expect(of([control(begin), plain(object), control(end)]).map((event) => event.type)).toEqual([
      'tool-call-start',
      'tool-call-arguments-delta',
      'tool-call',
      'message',
    ])
    expect(of([plain('a'), control('<|other|>')])[0]).toEqual({ type: 'text-delta', text: 'a<|other|>' })
  }
})
