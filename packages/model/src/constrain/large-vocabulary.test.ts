/**
 * 128 tools over the 128,815 tokens of DeepSeek-V3: the masks along a call are those of trying every token, at every place, and
 * they are soon there. How soon is measured by `bench/constrain.ts`; the bounds here only tell milliseconds from seconds.
 *
 * Mutations seen red: a branch of the tree left too late, tokens that end a string and go on not followed.
 */
import { expect, test } from 'vitest'
import { Constrainer } from './constraint.ts'
import { deepseekVocabulary } from './testing/vocabularies.ts'
import { randomNumbers, randomTokens, tokensByText } from './testing/walks.ts'
import { toolCallGrammar } from './tool-calls.ts'

test('128 tools over the vocabulary of DeepSeek-V3', { timeout: 60_000 }, () => {
  const vocabulary = deepseekVocabulary()
  const marker = (name: string): number => vocabulary.control.get(`<｜tool▁${name}｜>`) as number
  const tools = Array.from({ length: 128 }, (_, i) => ({
    name: `tool_${i}`,
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, [`days${i}`]: { type: 'integer', minimum: 1, maximum: 14 } },
      required: ['city'],
    },
  }))
  const syntax = {
    begin: [{ token: marker('calls▁begin') }],
    call: [
      { token: marker('call▁begin') },
      'name',
      { token: marker('sep') },
      'arguments',
      { token: marker('call▁end') },
    ],
    between: [],
    end: [{ token: marker('calls▁end') }],
  } as const
  const constrainer = new Constrainer(vocabulary)
  const start = performance.now()
  const { grammar, warnings } = toolCallGrammar({ tools, syntax })
  const constraint = constrainer.start(grammar)
  constraint.mask()
  expect(performance.now() - start).toBeLessThan(3000)
  expect(warnings).toEqual([])
  const tokens = tokensByText(vocabulary)
  const text = (value: string): number[] => randomTokens(value, tokens, randomNumbers(3))
  const call = (i: number): number[] => [
    marker('call▁begin'),
    ...text(`tool_${i}`),
    marker('sep'),
    ...text(`{"city":"São Paulo","days${i}":1${i % 5}}`),
    marker('call▁end'),
  ]
  const ids = [...text('I look.'), marker('calls▁begin'), ...call(7), ...call(127), marker('calls▁end')]
  const times: number[] = []
  for (const id of ids) {
    const begin = performance.now()
    const mask = constraint.mask().slice()
    times.push(performance.now() - begin)
    const wrong: number[] = []
    for (let other = 0; other < vocabulary.size; other++) {
      const masked = (((mask[other >>> 5] as number) >>> (other & 31)) & 1) === 1
      if (masked !== constraint.allows(other)) wrong.push(other)
    }
    expect(wrong).toEqual([])
    constraint.accept(id)
  }
  expect(times.toSorted((a, b) => a - b)[times.length >> 1]).toBeLessThan(5)
})
