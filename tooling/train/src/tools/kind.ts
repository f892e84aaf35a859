import type { Value } from '../pools/values.ts'
import type { Json } from '../types.ts'

export type ParameterType = 'string' | 'integer' | 'number' | 'boolean'

export interface Parameter {
  /** Synonyms of the key; each offered tool uses one of them. */
  readonly keys: readonly string[]
  readonly type: ParameterType
  readonly value: Value
  readonly choices?: readonly string[]
  readonly note: string
}

/** A request; `{0}` is the first parameter's value. `set` gives values the words imply ("turn on" is true). */
export interface Ask {
  readonly text: string
  readonly set?: Readonly<Record<number, Json>>
}

export interface Kind {
  readonly id: string
  /** Kinds of one group would answer the same request, so they are never offered together. */
  readonly group: string
  readonly names: readonly string[]
  readonly descriptions: readonly string[]
  readonly parameters: readonly Parameter[]
  readonly asks: readonly Ask[]
  /** Key of the result when the tool answers with JSON. */
  readonly resultKey: string
  readonly result: Value
  /** `{v}` is the result. */
  readonly answers: readonly string[]
}

/** "city|place" and the like keep the tables below short. */
const alternatives = (text: string): string[] => text.split('|')

export const text = (keys: string, value: Value, note = ''): Parameter => ({
  keys: alternatives(keys),
  type: 'string',
  value,
  note,
})
export const whole = (keys: string, value: Value, note = ''): Parameter => ({
  keys: alternatives(keys),
  type: 'integer',
  value,
  note,
})
export const numeric = (keys: string, value: Value, note = ''): Parameter => ({
  keys: alternatives(keys),
  type: 'number',
  value,
  note,
})
export const flag = (keys: string, note = ''): Parameter => ({
  keys: alternatives(keys),
  type: 'boolean',
  value: () => 'true',
  note,
})
export const choice = (keys: string, choices: string, note = ''): Parameter => {
  const values = alternatives(choices)
  return {
    keys: alternatives(keys),
    type: 'string',
    choices: values,
    value: (c) => c.random.pick(values),
    note,
  }
}

interface KindSource {
  readonly group?: string
  readonly names: string
  readonly descriptions: readonly string[]
  readonly parameters: readonly Parameter[]
  readonly asks: readonly (string | readonly [string, Readonly<Record<number, Json>>])[]
  readonly result: readonly [string, Value]
  readonly answers: readonly string[]
}

export function kind(id: string, source: KindSource): Kind {
  return {
    id,
    group: source.group ?? id,
    names: source.names.split(' '),
    descriptions: source.descriptions,
    parameters: source.parameters,
    asks: source.asks.map((ask) => (typeof ask === 'string' ? { text: ask } : { text: ask[0], set: ask[1] })),
    resultKey: source.result[0],
    result: source.result[1],
    answers: source.answers,
  }
}
