import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  call,
  callsBegin,
  callsEnd,
  eos,
  eventsOf,
  made,
  merged,
  message,
  parse,
  sep,
} from '../testing/chat-events.ts'
import { renderCompletion } from './completion.ts'
import type { AssistantMessage } from './types.ts'

const fragment = fc.constantFrom(
  callsBegin,
  callsEnd,
  sep,
  eos,
  '<think>',
  '</think>',
  '<｜tool▁call▁begin｜>',
  '<｜tool▁call▁end｜>',
  '<｜User｜>',
  '<｜tool▁',
  '<',
  'f',
  ' ',
  '\n',
  '"',
  '\\',
  '{}',
  '{"a": [1]}',
  '{"a": "b"}',
  'text',
  '你好',
  call('f', '{}'),
  call('g', '{"a":\n1}'),
)
const output = fc.array(fragment, { maxLength: 14 }).map((parts) => parts.join(''))

test('events do not depend on where the output is cut: every split in two', () => {
  fc.assert(
    fc.property(output, fc.boolean(), (text, thinking) => {
      const whole = JSON.stringify(merged(eventsOf([text], { thinking })))
      for (let at = 1; at < text.length; at++) {
        const pieces = [text.slice(0, at), text.slice(at)]
        if (JSON.stringify(merged(eventsOf(pieces, { thinking }))) !== whole) expect(pieces).toEqual([text])
      }
    }),
    { numRuns: 150 },
  )
})

test('events do not depend on where the output is cut: single characters', () => {
  fc.assert(
    fc.property(output, fc.boolean(), (text, thinking) => {
      expect(merged(eventsOf(text.split(''), { thinking }))).toEqual(merged(eventsOf([text], { thinking })))
    }),
    { numRuns: 500 },
  )
})

test('events agree with the message, and calls with their deltas', () => {
  fc.assert(
    fc.property(output, fc.boolean(), (text, thinking) => {
      const events = eventsOf([text], { thinking })
      const final = events.at(-1)
      if (final?.type !== 'message') return expect(final?.type).toBe('message')
      const joined = (type: string): string =>
        events.map((event) => (event.type === type && 'text' in event ? event.text : '')).join('')
      expect(final.message.content).toBe(joined('text-delta'))
      expect(final.message.thinking).toBe(joined('thinking-delta'))
      const calls = events.filter((event) => event.type === 'tool-call')
      expect(final.message.toolCalls).toEqual(
        calls.map(({ id, name, arguments: args }) => ({ id, name, arguments: args })),
      )
      for (const { index, arguments: args } of calls) {
        const deltas = events.map((event) =>
          event.type === 'tool-call-arguments-delta' && event.index === index ? event.text : '',
        )
        expect(deltas.join('')).toBe(args)
        expect(() => JSON.parse(args)).not.toThrow()
      }
    }),
  )
})

test('what is rendered as a completion is parsed back', () => {
  const plain = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('<'))
  const assistant = fc.record({
    content: plain,
    thinking: plain,
    calls: fc.array(fc.record({ name: fc.stringMatching(/^[a-z_]{1,9}$/), arguments: fc.json() }), {
      maxLength: 3,
    }),
  })
  fc.assert(
    fc.property(assistant, fc.boolean(), ({ content, thinking, calls }, thinks) => {
      const given: AssistantMessage = { role: 'assistant', content, thinking, toolCalls: calls }
      expect(parse(renderCompletion(given, { thinking: thinks }), thinks)).toEqual(
        message({
          content,
          thinking: thinks ? thinking : '',
          toolCalls: calls.map(({ name, arguments: args }, index) => made(index, name, args)),
        }),
      )
    }),
  )
})
