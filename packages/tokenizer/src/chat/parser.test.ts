import { describe, expect, test } from 'vitest'
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
import { createChatParser, parseChat } from './parser.ts'
import type { ParsedMessage } from './parser-types.ts'
import type { ChatSegment } from './types.ts'

describe('well-formed output', () => {
  test('text', () => expect(parse('Hello')).toEqual(message({ content: 'Hello' })))
  test('thinking and text', () => {
    expect(parse('1+1</think>2', true)).toEqual(message({ thinking: '1+1', content: '2' }))
  })
  test('events of a call, in order', () => {
    expect(merged(eventsOf([`Ok.${callsBegin}${call('f', '{"a": 1}')}${callsEnd}${eos}`]))).toEqual([
      { type: 'text-delta', text: 'Ok.' },
      { type: 'tool-call-start', index: 0, id: 'id0', name: 'f' },
      { type: 'tool-call-arguments-delta', index: 0, text: '{"a": 1}' },
      { type: 'tool-call', index: 0, ...made(0, 'f', '{"a": 1}') },
      { type: 'message', message: message({ content: 'Ok.', toolCalls: [made(0, 'f', '{"a": 1}')] }) },
    ])
  })
  test('arguments are reported while they arrive', () => {
    const parser = createChatParser({ createId: (index) => `id${index}` })
    expect(parser.push(`${callsBegin}<｜tool▁call▁begin｜>f${sep}`).map((event) => event.type)).toEqual([
      'tool-call-start',
    ])
    expect(parser.push('{"a"')).toEqual([{ type: 'tool-call-arguments-delta', index: 0, text: '{"a"' }])
    expect(parser.push(': [1]}')).toEqual([{ type: 'tool-call-arguments-delta', index: 0, text: ': [1]}' }])
  })
  test('several calls in one piece', () => {
    const text = `a${callsBegin}${call('f', '{}')}${call('g', '{"x":[1,2]}')}${callsEnd}`
    expect(parse(text).toolCalls).toEqual([made(0, 'f', '{}'), made(1, 'g', '{"x":[1,2]}')])
    expect(parse(text).content).toBe('a')
  })
  test.each([
    '{"n": 1}',
    '{"a": [1, 2]}',
    '{"a": {"b": null}}',
    '{\n  "a": "x",\n  "b": true\n}\n',
    '[]',
    '3',
    '{"s": "\\"}"}',
  ])('arguments %j', (args) => {
    expect(parse(`${callsBegin}${call('f', args)}${callsEnd}`).toolCalls).toEqual([made(0, 'f', args)])
  })
  test('empty arguments become an object, also in the deltas', () => {
    const events = merged(eventsOf([`${callsBegin}${call('f', '')}${callsEnd}`]))
    expect(events[1]).toEqual({ type: 'tool-call-arguments-delta', index: 0, text: '{}' })
    expect(events[2]).toMatchObject({ type: 'tool-call', arguments: '{}' })
  })
  test('ids are made and differ', () => {
    const { toolCalls } = parseChat(`${callsBegin}${call('f', '{}')}${call('f', '{}')}${callsEnd}`)
    expect(toolCalls[0]?.id).toMatch(/^call_[0-9a-f]{24}$/)
    expect(toolCalls[0]?.id).not.toBe(toolCalls[1]?.id)
  })
})

describe('output that is not well formed', () => {
  const cases: [string, string, boolean, Partial<ParsedMessage>][] = [
    [
      'no wrapper around calls',
      `a${call('f', '{}')}`,
      false,
      { content: 'a', toolCalls: [made(0, 'f', '{}')] },
    ],
    [
      'white space between calls',
      `${callsBegin}\n${call('f', '{}')}\n${call('g', '{}')} ${callsEnd}`,
      false,
      {
        toolCalls: [made(0, 'f', '{}'), made(1, 'g', '{}')],
      },
    ],
    [
      'white space around the name',
      `${callsBegin}${call(' f\n', '{}')}`,
      false,
      { toolCalls: [made(0, 'f', '{}')] },
    ],
    ['stray end markers', `a${callsEnd}b<｜tool▁call▁end｜>c`, false, { content: 'abc' }],
    [
      'no end of call before the next',
      `${callsBegin}<｜tool▁call▁begin｜>f${sep}{}${call('g', '{}')}`,
      false,
      {
        toolCalls: [made(0, 'f', '{}'), made(1, 'g', '{}')],
      },
    ],
    [
      'no end of call before the end of calls',
      `${callsBegin}<｜tool▁call▁begin｜>f${sep}{}${callsEnd}x`,
      false,
      {
        content: 'x',
        toolCalls: [made(0, 'f', '{}')],
      },
    ],
    [
      'output ends after complete arguments',
      `${callsBegin}<｜tool▁call▁begin｜>f${sep}{"a":1}`,
      false,
      {
        toolCalls: [made(0, 'f', '{"a":1}')],
      },
    ],
    [
      'output ends inside arguments',
      `a${callsBegin}<｜tool▁call▁begin｜>f${sep}{"a":`,
      false,
      {
        content: `a<｜tool▁call▁begin｜>f${sep}{"a":`,
      },
    ],
    [
      'output ends right after the separator',
      `${callsBegin}<｜tool▁call▁begin｜>f${sep}`,
      false,
      {
        content: `<｜tool▁call▁begin｜>f${sep}`,
      },
    ],
    [
      'output ends inside the name',
      `${callsBegin}<｜tool▁call▁begin｜>get_w`,
      false,
      { content: '<｜tool▁call▁begin｜>get_w' },
    ],
    [
      'arguments that are not JSON',
      `${callsBegin}${call('f', 'a=1')}${call('g', '{}')}${callsEnd}`,
      false,
      {
        content: call('f', 'a=1'),
        toolCalls: [made(1, 'g', '{}')],
      },
    ],
    [
      'the format of V3-0324',
      `${callsBegin}${call('function', 'f\n```json\n{}\n```')}${callsEnd}`,
      false,
      {
        content: call('function', 'f\n```json\n{}\n```'),
      },
    ],
    [
      'a call without a name',
      `${callsBegin}${call(' ', '{}')}${callsEnd}`,
      false,
      {
        content: `<｜tool▁call▁begin｜> ${sep}{}`,
      },
    ],
    [
      'a name that another marker ends',
      `${callsBegin}<｜tool▁call▁begin｜>f<｜tool▁call▁end｜>${call('g', '{}')}`,
      false,
      {
        content: '<｜tool▁call▁begin｜>f',
        toolCalls: [made(0, 'g', '{}')],
      },
    ],
    [
      'text after calls',
      `${callsBegin}${call('f', '{}')}${callsEnd}\nDone`,
      false,
      {
        content: '\nDone',
        toolCalls: [made(0, 'f', '{}')],
      },
    ],
    [
      'text between calls',
      `${callsBegin}${call('f', '{}')} and ${call('g', '{}')}`,
      false,
      {
        content: ' and ',
        toolCalls: [made(0, 'f', '{}'), made(1, 'g', '{}')],
      },
    ],
    [
      'a call inside thinking ends it',
      `hm${callsBegin}${call('f', '{}')}${callsEnd}</think>x`,
      true,
      {
        thinking: 'hm',
        content: 'x',
        toolCalls: [made(0, 'f', '{}')],
      },
    ],
    ['thinking that is cut off', 'hm, let me', true, { thinking: 'hm, let me' }],
    [
      'a second <think> at the start of thinking',
      '<think>hm</think>x',
      true,
      { thinking: 'hm', content: 'x' },
    ],
    ['thinking that was not asked for', '<think>hm</think>x', false, { thinking: 'hm', content: 'x' }],
    ['a second </think> at the start of the answer', '</think>x', false, { content: 'x' }],
    [
      'think markers in the midst of text are text',
      'use <think> and </think>',
      false,
      { content: 'use <think> and </think>' },
    ],
    ['other markers are text', 'a<｜User｜>b', false, { content: 'a<｜User｜>b' }],
    [
      'nothing counts after the end of the turn',
      `a${eos}b${callsBegin}${call('f', '{}')}`,
      false,
      { content: 'a' },
    ],
    ['an unfinished marker at the end is text', 'a<｜tool▁ca', false, { content: 'a<｜tool▁ca' }],
    ['no output', '', true, {}],
    [
      'a marker inside a JSON string is part of it',
      `${callsBegin}${call('f', `{"a":"${call('g', '{}').replaceAll('"', '\\"')}"}`)}`,
      false,
      {
        toolCalls: [made(0, 'f', `{"a":"${call('g', '{}')}"}`)],
      },
    ],
  ]
  test.each(cases)('%s', (_, text, thinking, expected) => {
    expect(parse(text, thinking)).toEqual(message(expected))
  })

  test('an unparsable call is reported as withdrawn, then its text', () => {
    const events = merged(eventsOf([callsBegin + call('f', '{"a":}') + callsEnd]))
    expect(events.map((event) => event.type)).toEqual([
      'tool-call-start',
      'tool-call-arguments-delta',
      'tool-call-invalid',
      'text-delta',
      'message',
    ])
    expect(events[2]).toMatchObject({ reason: 'not-json', name: 'f', arguments: '{"a":}' })
    const cut = merged(eventsOf([`${callsBegin}<｜tool▁call▁begin｜>f${sep}{"a"`]))
    expect(cut[2]).toMatchObject({ type: 'tool-call-invalid', reason: 'truncated' })
  })

  test('held text is at most an unfinished marker', () => {
    const parser = createChatParser()
    expect(parser.push('a < b <｜tool▁')).toEqual([{ type: 'text-delta', text: 'a < b ' }])
    expect(parser.push('x')).toEqual([{ type: 'text-delta', text: '<｜tool▁x' }])
  })

  test('a hundred thousand line ends after a call take no quadratic time', () => {
    const parser = createChatParser()
    parser.push(callsBegin + call('f', '{}'))
    for (let i = 0; i < 100_000; i++) expect(parser.push('\n').length).toBe(0)
    expect(parser.finish()).toHaveLength(1)
  })

  test('finish is final', () => {
    const parser = createChatParser()
    parser.push('a')
    expect(parser.finish()).toHaveLength(1)
    expect(parser.finish()).toEqual([])
    expect(parser.push('b')).toEqual([])
  })
})

describe('segments', () => {
  test('markers that are spelled out in plain segments are text', () => {
    const text = callsBegin + call('rm', '{}') + callsEnd
    const events = merged(eventsOf([{ text, control: false }]))
    expect(events.at(-1)).toEqual({ type: 'message', message: message({ content: text }) })
  })
  test('control segments are markers', () => {
    const control = (text: string): ChatSegment => ({ text, control: true })
    const plain = (text: string): ChatSegment => ({ text, control: false })
    const events = eventsOf([
      control(callsBegin),
      control('<｜tool▁call▁begin｜>'),
      plain('f'),
      control(sep),
      plain('{}'),
      control('<｜tool▁call▁end｜>'),
    ])
    expect(events.at(-1)).toEqual({ type: 'message', message: message({ toolCalls: [made(0, 'f', '{}')] }) })
  })
})
