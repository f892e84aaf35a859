import { describe, expect, test } from 'vitest'
import { ModelError } from '../errors.ts'
import type { ModelResult } from '../types.ts'
import { Completion } from './completion.ts'

interface Call {
  index?: number | null
  id?: string | null
  type?: string
  function?: { name?: string | null; arguments?: unknown }
}

function chunk(delta: object, finish_reason: string | null = null): object {
  return { id: 'x', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] }
}

function complete(chunks: readonly unknown[]): ModelResult {
  const completion = new Completion()
  for (const item of chunks) completion.push(item)
  return completion.finish(true)
}

/** Names and arguments of the calls that these fragments make, each in a chunk of its own. */
function calls(...fragments: readonly Call[]): string[] {
  const result = complete(fragments.map((fragment) => chunk({ tool_calls: [fragment] })))
  return result.toolCalls.map((call) => `${call.name}${call.arguments}`)
}

const fn = (name?: string, args?: unknown): { name?: string; arguments?: unknown } => ({
  ...(name === undefined ? {} : { name }),
  ...(args === undefined ? {} : { arguments: args }),
})

describe('an answer', () => {
  test('as OpenAI streams it', () => {
    const completion = new Completion()
    const events = [
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo' }),
      chunk({}, 'stop'),
      { choices: [], usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 } },
    ].flatMap((item) => completion.push(item))
    expect(events).toEqual([
      { type: 'text-delta', text: 'Hel' },
      { type: 'text-delta', text: 'lo' },
    ])
    expect(completion.finish(false)).toEqual({
      content: 'Hello',
      thinking: '',
      toolCalls: [],
      finishReason: 'stop',
      usage: { promptTokens: 5, completionTokens: 2 },
    })
  })

  test('as a whole', () => {
    const tool_calls = [
      { type: 'function', function: { name: 'a', arguments: '{}' } },
      { type: 'function', function: { name: 'a', arguments: '{"x":1}' } },
    ]
    const message = { role: 'assistant', content: null, reasoning: 'hm', tool_calls }
    const result = complete([{ choices: [{ index: 0, message, finish_reason: 'tool_calls' }], usage: null }])
    expect(result).toMatchObject({
      content: '',
      thinking: 'hm',
      finishReason: 'tool-calls',
      usage: undefined,
    })
    expect(result.toolCalls.map((call) => call.arguments)).toEqual(['{}', '{"x":1}'])
    expect(new Set(result.toolCalls.map(({ id }) => id)).size).toBe(2)
  })

  test.each(['reasoning_content', 'reasoning'])('thinking in %s', (field) => {
    expect(complete([chunk({ [field]: 'a' }), chunk({ [field]: 'b' }), chunk({}, 'stop')]).thinking).toBe(
      'ab',
    )
  })

  test.each<[string | null, number, ModelResult['finishReason']]>([
    ['stop', 0, 'stop'],
    ['stop', 1, 'tool-calls'],
    ['tool_calls', 0, 'stop'],
    ['tool_calls', 1, 'tool-calls'],
    ['length', 0, 'length'],
    ['length', 1, 'length'],
    ['eos', 0, 'stop'],
    [null, 0, 'stop'],
    [null, 1, 'tool-calls'],
  ])('finish reason %s with %i calls is %s', (reason, count, expected) => {
    const tool_calls = Array.from({ length: count }, (_, index) => ({
      index,
      id: `${index}`,
      function: fn('a', '{}'),
    }))
    expect(complete([chunk({ tool_calls }, reason)]).finishReason).toBe(expected)
  })
})

describe('tool calls', () => {
  test.each<[string, Call[], string[]]>([
    [
      'as OpenAI streams them',
      [
        { index: 0, id: 'x', type: 'function', function: fn('a', '') },
        { index: 0, function: fn(undefined, '{"k"') },
        { index: 0, function: fn(undefined, ':1}') },
        { index: 1, id: 'y', function: fn('b', '{}') },
      ],
      ['a{"k":1}', 'b{}'],
    ],
    [
      'interleaved',
      [
        { index: 0, id: 'x', function: fn('a', '{') },
        { index: 1, id: 'y', function: fn('b', '[') },
        { index: 0, function: fn(undefined, '}') },
        { index: 1, function: fn(undefined, ']') },
      ],
      ['a{}', 'b[]'],
    ],
    [
      'without index, with ids',
      [
        { id: 'x', function: fn('a', '{') },
        { id: 'x', function: fn(undefined, '}') },
        { id: 'y', function: fn('a', '{}') },
      ],
      ['a{}', 'a{}'],
    ],
    [
      'without index and ids',
      [{ function: fn('a', '{') }, { function: fn(undefined, '}') }, { function: fn('b', '{}') }],
      ['a{}', 'b{}'],
    ],
    [
      'index reused with other ids',
      [
        { index: 0, id: 'x', function: fn('a', '{}') },
        { index: 0, id: 'y', function: fn('a', '{"k":2}') },
      ],
      ['a{}', 'a{"k":2}'],
    ],
    [
      'index reused without ids',
      [
        { index: 0, id: null, function: fn('a', '{}') },
        { index: 0, id: null, function: fn('a', '{"k":2}') },
      ],
      ['a{}', 'a{"k":2}'],
    ],
    [
      'name and id in every fragment',
      [
        { index: 0, id: 'x', function: fn('a', '{"k"') },
        { index: 0, id: 'x', function: fn('a', ':1}') },
      ],
      ['a{"k":1}'],
    ],
    [
      'id after the name',
      [
        { index: 0, function: fn('a', '') },
        { index: 0, id: 'x', function: fn(undefined, '{}') },
      ],
      ['a{}'],
    ],
    [
      'name after the id',
      [
        { index: 0, id: 'x' },
        { index: 0, function: fn('a', '{}') },
      ],
      ['a{}'],
    ],
    ['arguments as an object', [{ index: 0, id: 'x', function: fn('a', { k: 1 }) }], ['a{"k":1}']],
    ['arguments null', [{ index: 0, id: 'x', function: fn('a', null) }], ['a']],
  ])('%s', (_, fragments, expected) => {
    expect(calls(...fragments)).toEqual(expected)
  })

  test('ids are kept, and made up where they are missing', () => {
    const tool_calls = [
      { index: 0, id: 'x', function: fn('a') },
      { index: 1, function: fn('b') },
    ]
    const [first, second] = complete([chunk({ tool_calls })]).toolCalls
    expect(first?.id).toBe('x')
    expect(second?.id).toMatch(/^call_[0-9a-f]{24}$/)
  })
})

describe('no answer', () => {
  test.each<[string, unknown[], ModelError['kind'], RegExp]>([
    ['nothing', [], 'protocol', /no answer/],
    ['usage only', [{ choices: [], usage: {} }], 'protocol', /no answer/],
    ['no object', ['x'], 'protocol', /must have an object, got "x"/],
    ['choices no list', [{ choices: 5 }], 'protocol', /list of choices/],
    ['choices no objects', [{ choices: [null] }], 'protocol', /objects as choices/],
    ['content of parts', [chunk({ content: [] })], 'protocol', /text as content, got a list/],
    ['calls no list', [chunk({ tool_calls: {} })], 'protocol', /list of tool_calls/],
    ['calls no objects', [chunk({ tool_calls: [1] })], 'protocol', /objects as tool_calls/],
    [
      'a call without a name',
      [chunk({ tool_calls: [{ index: 0, id: 'x' }] }, 'stop')],
      'protocol',
      /without a name/,
    ],
    [
      'arguments no text',
      [chunk({ tool_calls: [{ index: 0, function: fn('a', 5) }] })],
      'protocol',
      /JSON text, got 5/,
    ],
    [
      'too many calls',
      [chunk({ tool_calls: Array.from({ length: 129 }, (_, index) => ({ index, function: fn('a') })) })],
      'protocol',
      /128/,
    ],
    [
      'too long',
      Array.from({ length: 17 }, () => chunk({ content: 'x'.repeat(1 << 20) })),
      'protocol',
      /more than 16777216/,
    ],
    [
      'an error',
      [{ error: { message: 'too long', code: 'context_length_exceeded' } }],
      'server',
      /reported an error: too long/,
    ],
    ['an error of text', [{ error: 'boom' }], 'server', /boom/],
    ['filtered', [chunk({ content: 'x' }, 'content_filter')], 'server', /content_filter/],
  ])('%s', (_, chunks, kind, problem) => {
    let thrown: unknown
    try {
      complete(chunks)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(ModelError)
    expect(thrown).toMatchObject({ kind, message: expect.stringMatching(problem) })
  })

  test('broken off', () => {
    const completion = new Completion()
    completion.push(chunk({ content: 'x' }))
    expect(() => completion.finish(false)).toThrow(/broke off/)
  })
})
