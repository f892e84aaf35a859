import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { defineTool } from './define-tool.ts'
import { scriptedModel } from './models/scripted-model.ts'
import { runAgent } from './run-agent.ts'
import { add, hang, results } from './testing/agents.ts'

describe('faults of calls are told to the model', () => {
  test.each([
    [
      'an unknown tool',
      { name: 'ad' },
      'Error: There is no tool "ad". Did you mean "add"? The tools are: add, hang.',
    ],
    ['another', { name: 'search' }, 'Error: There is no tool "search". The tools are: add, hang.'],
    [
      'broken JSON',
      { name: 'add', arguments: '{"a":1' },
      /^Error: The arguments could not be read: .*JSON.* Call again with one JSON object\.$/,
    ],
    ['no object', { name: 'add', arguments: '[1,2]' }, /must be one JSON object, got a list of 2/],
    [
      'a dangerous name',
      { name: 'add', arguments: '{"a":1,"b":2,"c":{"__proto__":{}}}' },
      /"__proto__" is not allowed/,
    ],
    [
      'wrong types',
      { name: 'add', arguments: { a: '1' } },
      'Error: The arguments do not fit:\n- b: is required, but missing\n- a: must be number, got "1"\nCall again with arguments that fit.',
    ],
  ])('%s', async (_, call, expected) => {
    const [content] = await results([add, hang], [call])
    if (typeof expected === 'string') expect(content).toBe(expected)
    else expect(content).toMatch(expected)
  })

  test('there are no tools', async () => {
    expect(await results([], [{ name: 'add' }])).toEqual([
      'Error: There is no tool "add": there are no tools. Answer without calling any.',
    ])
  })

  test.each([
    ['nothing', ''],
    ['null', 'null'],
    ['blank', ' \n'],
    ['a fence', '```json\n{}\n```'],
    ['encoded twice', '"{}"'],
  ])('%s means no arguments', async (_, text) => {
    const ping = defineTool({ name: 'ping', execute: (input) => input })
    expect(await results([ping], [{ name: 'ping', arguments: text }])).toEqual(['{}'])
  })

  test.each<[string, () => unknown, string]>([
    [
      'throws',
      () => {
        throw new RangeError('too far')
      },
      'Error: too far',
    ],
    [
      'throws something else',
      () => {
        throw 'text'
      },
      'Error: "text"',
    ],
    ['rejects', () => Promise.reject(new TypeError('no')), 'Error: no'],
    ['gives what is no JSON', () => 1n, 'Error: Do not know how to serialize a BigInt'],
  ])('a tool that %s', async (_, execute, expected) => {
    expect(await results([defineTool({ name: 'bad', execute })], [{ name: 'bad' }])).toEqual([expected])
  })

  test('the same call with the same result is noted the third time', async () => {
    const call = { calls: [{ name: 'add', arguments: { a: 1, b: 2 } }] }
    const model = scriptedModel([call, call, call, 'done'])
    const { messages } = await runAgent({ model, tools: [add], messages: 'go' }).result()
    const contents = messages.flatMap((m) => (m.role === 'tool' ? [m.content] : []))
    expect(contents.slice(0, 2)).toEqual(['3', '3'])
    expect(contents[2]).toBe(
      '3\n[This same call has given this same result 3 times. Use it, or do something else.]',
    )
  })

  test('a result with that note keeps to the limit too', async () => {
    const long = defineTool({ name: 'long', execute: () => 'x'.repeat(1000) })
    const calls = Array.from({ length: 3 }, () => ({ name: 'long' }))
    const contents = await results([long], calls, { maxResultLength: 300, maxParallel: 1 })
    expect(contents[2]).toMatch(/^x.* characters left out .*3 times\. Use it, or do something else\.\]$/s)
    for (const content of contents) expect(content.length).toBeLessThanOrEqual(300)
  })
})

describe('approval', () => {
  const danger = defineTool({
    name: 'danger',
    parameters: { type: 'object', properties: { path: { type: 'string' } } },
    needsApproval: ({ path }) => path !== 'safe',
    execute: ({ path }) => `did ${path}`,
  })
  const call = { name: 'danger', arguments: '{"path":"safe","path":"x"}' }

  test('without anybody to ask, the call is refused', async () => {
    expect(await results([danger], [call, { name: 'danger', arguments: { path: 'safe' } }])).toEqual([
      'Error: Not run: this call needs the approval of a person, and nobody can be asked.',
      'did safe',
    ])
  })

  test.each([
    ['yes', true, 'did x'],
    ['yes, in long', { approved: true }, 'did x'],
    ['no', false, 'Error: Not run: the person refused.'],
    [
      'no, with a reason',
      { approved: false, reason: 'not that file' },
      'Error: Not run: the person refused: not that file.',
    ],
    ['something else', 'yes' as never, 'Error: Not run: the person refused.'],
  ])('%s', async (_, decision, expected) => {
    expect(await results([danger], [call], { approve: async () => decision })).toEqual([expected])
  })

  test('shows what is executed, and cannot change it', async () => {
    const seen: unknown[] = []
    const contents = await results([danger], [call], {
      approve: (_call, tool, { input }) => {
        seen.push(structuredClone(input), tool.name)
        ;(input as { path: string }).path = 'y'
        return true
      },
    })
    expect(seen).toEqual([{ path: 'x' }, 'danger'])
    expect(contents).toEqual(['did x'])
  })

  test('asks one thing at a time, in the order of the calls', async () => {
    const log: string[] = []
    await results(
      [danger],
      ['1', '2', '3'].map((path) => ({ name: 'danger', arguments: { path } })),
      {
        approve: async (_call, _tool, { input }) => {
          const { path } = input as { path: string }
          log.push(`ask ${path}`)
          await sleep(3)
          log.push(`end ${path}`)
          return true
        },
      },
    )
    expect(log).toEqual(['ask 1', 'end 1', 'ask 2', 'end 2', 'ask 3', 'end 3'])
  })

  test('an approval that throws is none', async () => {
    expect(
      await results([danger], [call], { approve: () => Promise.reject(new TypeError('closed')) }),
    ).toEqual(['Error: closed'])
  })
})
