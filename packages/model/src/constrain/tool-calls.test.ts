/** Tool calls, in the format of DeepSeek-V3.1 and in one that is written as JSON between markers. */
import { describe, expect, it } from 'vitest'
import { Constrainer } from './constraint.ts'
import { EmptyGrammarError } from './errors.ts'
import { bitsToList } from './masks.ts'
import { octoTinyVocabulary } from './testing/vocabularies.ts'
import { randomNumbers, randomTokens, randomWalk, tokensByText } from './testing/walks.ts'
import { type ToolCallOptions, type ToolCallSyntax, toolCallGrammar } from './tool-calls.ts'

const vocabulary = octoTinyVocabulary()
const constrainer = new Constrainer(vocabulary)
const tokens = tokensByText(vocabulary)
const marker = (text: string): number => {
  const id = vocabulary.control.get(text)
  if (id === undefined) expect.fail(`no token ${text}`)
  return id
}
const [end] = vocabulary.endIds as [number]
const [begin, callBegin, sep, callEnd, callsEnd] = [
  '<｜tool▁calls▁begin｜>',
  '<｜tool▁call▁begin｜>',
  '<｜tool▁sep｜>',
  '<｜tool▁call▁end｜>',
  '<｜tool▁calls▁end｜>',
].map(marker) as [number, number, number, number, number]
const v31: ToolCallSyntax = {
  begin: [{ token: begin }],
  call: [{ token: callBegin }, 'name', { token: sep }, 'arguments', { token: callEnd }],
  between: [],
  end: [{ token: callsEnd }],
}
const tools = [
  {
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
  },
  {
    name: 'get',
    parameters: { type: 'object', properties: { n: { type: 'integer' } }, additionalProperties: false },
  },
  { name: 'now' },
]
const text = (value: string): number[] => randomTokens(value, tokens, randomNumbers(7))
const weather = [callBegin, ...text('get_weather'), sep, ...text('{"city":"Rome"}'), callEnd]
const get = [callBegin, ...text('get'), sep, ...text('{"n":3}'), callEnd]
const now = [callBegin, ...text('now'), sep, ...text('{"any":[1]}'), callEnd]

function takes(ids: readonly number[], options: Partial<ToolCallOptions> = {}): boolean {
  const constraint = constrainer.start(toolCallGrammar({ tools, syntax: v31, ...options }).grammar)
  return ids.every((id) => {
    const allowed = (((constraint.mask()[id >>> 5] as number) >>> (id & 31)) & 1) === 1
    expect(allowed).toBe(constraint.allows(id))
    if (allowed) constraint.accept(id)
    return allowed
  })
}

describe('DeepSeek-V3.1', () => {
  it('text, calls, or text and calls', () => {
    expect(takes([...text('Hello {"a": <x>'), end])).toBe(true)
    expect(takes([end])).toBe(true)
    expect(takes([begin, ...weather, callsEnd, end])).toBe(true)
    expect(takes([...text('I look.'), begin, ...weather, ...get, ...now, callsEnd, end])).toBe(true)
  })

  it('no other names, arguments or orders', () => {
    expect(takes([begin, callBegin, ...text('get_x')])).toBe(false)
    expect(takes([begin, callBegin, ...text('ge'), sep])).toBe(false)
    expect(takes([begin, callBegin, ...text('get'), sep, ...text('{"city"')])).toBe(false)
    expect(takes([begin, callBegin, ...text('get_weather'), sep, ...text('{}')])).toBe(false)
    expect(takes([begin, callsEnd])).toBe(false)
    expect(takes([begin, ...weather, end])).toBe(false)
    expect(takes([begin, ...weather, callsEnd, ...text('x')])).toBe(false)
    expect(takes([callBegin])).toBe(false)
    expect(takes([marker('<｜User｜>')])).toBe(false)
    expect(takes([begin, ...text('x')])).toBe(false)
  })

  it('choices', () => {
    expect(takes([begin], { choice: 'none' })).toBe(false)
    expect(takes([...text('x'), end], { choice: 'none' })).toBe(true)
    expect(takes(text('x'), { choice: 'required' })).toBe(false)
    expect(takes([end], { choice: 'required' })).toBe(false)
    expect(takes([begin, ...get, callsEnd, end], { choice: 'required' })).toBe(true)
    expect(takes([begin, ...get, callsEnd, end], { choice: { name: 'get' } })).toBe(true)
    expect(takes([begin, ...weather], { choice: { name: 'get' } })).toBe(false)
    expect(takes([begin, ...get, ...get], { parallel: false })).toBe(false)
    expect(takes([begin, ...get, callsEnd, end], { parallel: false })).toBe(true)
    expect(() => toolCallGrammar({ tools, syntax: v31, choice: { name: 'other' } })).toThrow(
      EmptyGrammarError,
    )
    expect(() => toolCallGrammar({ tools: [], syntax: v31, choice: 'required' })).toThrow(EmptyGrammarError)
    expect(takes([begin], { tools: [] })).toBe(false)
  })

  it('after thinking', () => {
    const thinkEnd = marker('</think>')
    expect(
      takes([...text('hm'), thinkEnd, begin, ...get, callsEnd, end], { thinkEnd, choice: 'required' }),
    ).toBe(true)
    expect(takes([...text('hm'), begin], { thinkEnd })).toBe(false)
    expect(takes([...text('hm'), end], { thinkEnd })).toBe(false)
  })

  it('the markers of a required call are forced', () => {
    const one = toolCallGrammar({
      tools: [tools[1] as (typeof tools)[number]],
      syntax: v31,
      choice: 'required',
    })
    const constraint = constrainer.start(one.grammar)
    const forced = constraint.forcedTokens()
    expect(forced.slice(0, 2)).toEqual([begin, callBegin])
    for (const id of forced) constraint.accept(id)
    expect(forced).toContain(sep)
  })

  it('random answers hold calls that parse', () => {
    const { grammar } = toolCallGrammar({ tools, syntax: v31, choice: 'required' })
    for (let seed = 0; seed < 20; seed++) {
      const { ids } = randomWalk(constrainer.start(grammar), vocabulary, randomNumbers(seed), 10)
      const from = ids.indexOf(sep)
      const bytes = ids
        .slice(from + 1, ids.indexOf(callEnd))
        .flatMap((id) => [...(vocabulary.bytesOf(id) ?? [])])
      expect(typeof JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes)))).toBe('object')
    }
  })
})

it('a format that writes calls as JSON', () => {
  const json: ToolCallSyntax = {
    begin: [],
    call: [
      { token: callBegin },
      { text: '\n{"name": "' },
      'name',
      { text: '", "arguments": ' },
      'arguments',
      { text: '}\n' },
      { token: callEnd },
    ],
    between: [{ text: '\n' }],
    end: [],
  }
  const call = [callBegin, ...text('\n{"name": "get", "arguments": {"n":1}}\n'), callEnd]
  expect(takes([...call, ...text('\n'), ...call, end], { syntax: json })).toBe(true)
  expect(takes([...text('Yes.'), ...call, end], { syntax: json })).toBe(true)
  expect(takes([callBegin, ...text('\n{"name": "gex')], { syntax: json })).toBe(false)
})

describe('warnings', () => {
  it('name tool, place and keyword; other tools are followed', () => {
    const { grammar, warnings } = toolCallGrammar({
      syntax: v31,
      tools: [
        {
          name: 'odd',
          parameters: {
            type: 'object',
            properties: {
              'a/b': { type: 'strnig' },
              l: { type: 'array', uniqueItems: true, items: { not: {} } },
              s: { type: 'string', pattern: '(?=x)' },
            },
          },
        },
        { name: 'bad', parameters: 'no' },
        { name: 'never', parameters: { type: 'object', properties: { x: false }, required: ['x'] } },
        { name: 'huge', parameters: { type: 'string', minLength: 1, pattern: 'a{9999}{9}' } },
        ...tools,
      ],
    })
    expect(warnings.map(({ tool, pointer, keyword }) => [tool, pointer, keyword])).toEqual([
      ['odd', '/properties/s/pattern', 'pattern'],
      ['odd', '/properties/l/uniqueItems', 'uniqueItems'],
      ['odd', '/properties/l/items/not', 'not'],
      ['odd', '/properties/a~1b/type', 'type'],
      ['bad', '', 'parameters'],
      ['huge', '/pattern', 'pattern'],
      ['never', '', 'parameters'],
    ])
    const constraint = constrainer.start(grammar)
    for (const id of [begin, callBegin, ...text('get'), sep]) constraint.accept(id)
    const open = bitsToList(constraint.mask(), 1000) as Int32Array
    expect([...open].every((id) => vocabulary.bytesOf(id)?.[0] === 0x7b)).toBe(true)
    for (const id of [...text('{"n":3}'), callEnd]) constraint.accept(id)
  })
})
