/**
 * How long constraints take with the vocabulary of DeepSeek-V3: `node --conditions=@octoscale/source src/bench/constrain.ts`.
 * Medians of 7; masks of tokens on first and on second sight.
 */
import { Constrainer } from '../constrain/constraint.ts'
import type { Grammar } from '../constrain/grammar.ts'
import { schemaGrammar } from '../constrain/schema/grammar.ts'
import { deepseekVocabulary } from '../constrain/testing/vocabularies.ts'
import { randomNumbers, randomTokens, tokensByText } from '../constrain/testing/walks.ts'
import { toolCallGrammar } from '../constrain/tool-calls.ts'

const vocabulary = deepseekVocabulary()
const tokens = tokensByText(vocabulary)

const parameters = (i: number): object => ({
  type: 'object',
  properties: {
    city: { type: 'string' },
    [`days${i}`]: { type: 'integer', minimum: 1, maximum: 14 },
    unit: { enum: ['celsius', 'fahrenheit'] },
    tags: { type: 'array', items: { type: 'string' } },
    note: { type: 'string', maxLength: 200 },
  },
  required: ['city'],
})
const tools = Array.from({ length: 128 }, (_, i) => ({ name: `tool_${i}`, parameters: parameters(i) }))
const markers = ['calls▁begin', 'call▁begin', 'sep', 'call▁end', 'calls▁end'].map(
  (name) => vocabulary.control.get(`<｜tool▁${name}｜>`) as number,
)
const [begin, callBegin, sep, callEnd, end] = markers as [number, number, number, number, number]
const syntax = {
  begin: [{ token: begin }],
  call: [{ token: callBegin }, 'name', { token: sep }, 'arguments', { token: callEnd }],
  between: [],
  end: [{ token: end }],
} as const

function time<T>(run: () => T): [milliseconds: number, value: T] {
  const start = performance.now()
  const value = run()
  return [performance.now() - start, value]
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] as number
}

function row(name: string, values: readonly number[], unit: string): void {
  const [first, median, p99] = [values[0] as number, quantile(values, 0.5), quantile(values, 0.99)]
  console.log(
    `${name.padEnd(44)} first ${first.toFixed(2)}  median ${median.toFixed(2)}  p99 ${p99.toFixed(2)} ${unit}`,
  )
}

function masks(constrainer: Constrainer, grammar: Grammar, ids: readonly number[]): number[] {
  const constraint = constrainer.start(grammar)
  return ids.map((id) => {
    const [milliseconds] = time(() => constraint.mask())
    constraint.accept(id)
    return milliseconds * 1000
  })
}

const text = (value: string, seed: number): number[] => randomTokens(value, tokens, randomNumbers(seed))
const tries = Array.from({ length: 7 }, (_, i) => i)
row(
  'tree of the vocabulary',
  tries.map(() => time(() => new Constrainer(vocabulary))[0]),
  'ms',
)
row(
  'one schema',
  tries.map((i) => time(() => schemaGrammar(parameters(i)))[0]),
  'ms',
)
row(
  '128 tools',
  tries.map(() => time(() => toolCallGrammar({ tools, syntax }))[0]),
  'ms',
)
const constrainer = new Constrainer(vocabulary)
const fresh = (): Grammar => toolCallGrammar({ tools, syntax }).grammar
row(
  'first mask of 128 tools',
  tries.map(() => time(() => constrainer.start(fresh()).mask())[0]),
  'ms, tools included',
)
const answer = (i: number): number[] => [
  ...text('I look it up.', i),
  begin,
  callBegin,
  ...text(`tool_${i}`, i),
  sep,
  ...text(
    `{"city":"San Francisco","days${i}":12,"unit":"celsius","tags":["one","two words"],"note":"a longer text, with \\"quotes\\" in it"}`,
    i,
  ),
  callEnd,
  end,
]
const grammar = fresh()
row(
  'mask of a token, a tool not seen before',
  tries.flatMap((i) => masks(constrainer, grammar, answer(i))),
  'µs',
)
row(
  'mask of a token, seen before',
  tries.flatMap((i) => masks(constrainer, grammar, answer(i))),
  'µs',
)
const strings = schemaGrammar({ type: 'string', maxLength: 300 }).grammar
row(
  'mask inside a string of at most 300',
  masks(constrainer, strings, text(`"${'some words '.repeat(20)}"`, 1)),
  'µs',
)
const constraint = constrainer.start(grammar)
const ids = answer(1)
row(
  'accepting a token',
  ids.map((id) => time(() => constraint.accept(id))[0] * 1000),
  'µs',
)
