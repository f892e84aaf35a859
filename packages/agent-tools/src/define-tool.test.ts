import type { StandardSchemaV1 } from '@standard-schema/spec'
import { describe, expect, expectTypeOf, test } from 'vitest'
import * as z from 'zod'
import { defineTool } from './define-tool.ts'
import { failureOf } from './testing/failure-of.ts'
import type { InputProblem, Tool } from './types.ts'

function withSchema(parameters: object): Tool {
  return defineTool({ name: 'test', parameters, execute: () => '' })
}

async function problems(parameters: object, input: unknown): Promise<readonly InputProblem[]> {
  const checked = await withSchema({ type: 'object', ...parameters }).check(input)
  return checked.ok ? [] : checked.problems
}

describe('types of the input', () => {
  test('of a Standard Schema: its output', () => {
    defineTool({
      name: 'zod',
      parameters: z.object({
        day: z.string().transform((text) => new Date(text)),
        times: z.number().default(1),
      }),
      needsApproval: (input) => {
        expectTypeOf(input).toEqualTypeOf<{ day: Date; times: number }>()
        return false
      },
      execute(input, { call, signal }) {
        expectTypeOf(input).toEqualTypeOf<{ day: Date; times: number }>()
        expectTypeOf(call.arguments).toEqualTypeOf<string>()
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
      },
    })
  })

  test('of a pair: the output of its schema', () => {
    defineTool({
      name: 'pair',
      parameters: { schema: z.object({ n: z.number() }), jsonSchema: { type: 'object' } },
      execute: (input) => expectTypeOf(input).toEqualTypeOf<{ n: number }>(),
    })
  })

  test('of a JSON Schema or nothing: an object, which may be declared', () => {
    defineTool({
      name: 'json',
      parameters: { type: 'object' },
      execute: (input) => expectTypeOf(input).toEqualTypeOf<Readonly<Record<string, unknown>>>(),
    })
    defineTool({ name: 'json', parameters: { type: 'object' }, execute: ({ n }: { n: number }) => n })
    defineTool({
      name: 'none',
      execute: (input) => expectTypeOf(input).toEqualTypeOf<Readonly<Record<string, unknown>>>(),
    })
    // @ts-expect-error: the schema gives a number
    defineTool({ name: 'zod', parameters: z.object({ n: z.number() }), execute: ({ n }: { n: string }) => n })
  })
})

describe('a Standard Schema', () => {
  const schema = z.object({ city: z.string().min(1), days: z.array(z.object({ n: z.int() })).default([]) })

  test('gives the JSON Schema of its input, without $schema', () => {
    const { parameters } = defineTool({ name: 'a', parameters: schema, execute: () => '' })
    expect(parameters).toMatchObject({ type: 'object', required: ['city'] })
    expect(parameters).not.toHaveProperty('$schema')
    expect(Object.isFrozen((parameters as { properties: object }).properties)).toBe(true)
  })

  test('validates and converts', async () => {
    const tool = defineTool({ name: 'a', parameters: schema, execute: () => '' })
    expect(await tool.check({ city: 'Oslo' })).toEqual({ ok: true, input: { city: 'Oslo', days: [] } })
    const checked = await tool.check({ city: '', days: [{ n: 1.5 }] })
    expect(checked.ok ? [] : checked.problems.map(({ path }) => path)).toEqual(['city', 'days[0].n'])
  })

  test('of draft-07 only', () => {
    const input = ({ target }: { target: string }): Record<string, unknown> => {
      if (target !== 'draft-07') throw new TypeError('unsupported')
      return { type: 'object', properties: { a: {} } }
    }
    const standard = {
      version: 1,
      vendor: 'mine',
      validate: (value: unknown) => ({ value }),
      jsonSchema: { input },
    }
    expect(withSchema({ '~standard': standard }).parameters).toEqual({
      type: 'object',
      properties: { a: {} },
    })
  })

  test('that is a function', () => {
    const standard = { ...z.object({})['~standard'] }
    const callable = Object.assign(() => {}, { '~standard': standard })
    expect(withSchema(callable).parameters).toMatchObject({ type: 'object' })
  })

  test('that gives no JSON Schema: the error tells what to do, and it is possible', async () => {
    const plain: StandardSchemaV1<number> = {
      '~standard': {
        version: 1,
        vendor: 'mine',
        validate: (value) => ({ issues: [{ message: `not ${value}` }] }),
      },
    }
    expect(String(failureOf({ parameters: plain }))).toMatch(
      /pass \{ schema, jsonSchema \}.*got one of mine that cannot/,
    )
    expect(String(failureOf({ parameters: z.object({ d: z.date() }) }))).toMatch(
      /one of zod that cannot: Date/,
    )
    const tool = withSchema({ schema: plain, jsonSchema: { type: 'object' } })
    expect(await tool.check(5)).toEqual({ ok: false, problems: [{ path: '', message: 'not 5' }] })
  })
})

describe('a JSON Schema', () => {
  const text = { type: 'string' }
  test.each<[string, object, unknown, InputProblem[]]>([
    [
      'type',
      { properties: { a: { type: ['integer', 'null'] } } },
      { a: 1.5 },
      [{ path: 'a', message: 'must be integer or null, got 1.5' }],
    ],
    [
      'required',
      { required: ['a', 'b c'] },
      {},
      [
        { path: 'a', message: 'is required, but missing' },
        { path: '["b c"]', message: 'is required, but missing' },
      ],
    ],
    [
      'deep',
      { properties: { a: { items: { properties: { 'x/y~': text } } } } },
      { a: [{}, { 'x/y~': 1 }] },
      [{ path: 'a[1]["x/y~"]', message: 'must be string, got 1' }],
    ],
    [
      'additionalProperties',
      { additionalProperties: false },
      { a: 1 },
      [{ path: 'a', message: 'is not allowed' }],
    ],
    [
      'enum',
      { properties: { a: { enum: ['x', 'y'] } } },
      { a: 'z' },
      [{ path: 'a', message: 'must be one of ["x","y"], got "z"' }],
    ],
    [
      'const',
      { properties: { a: { const: 'x' } } },
      { a: 'z' },
      [{ path: 'a', message: 'must be "x", got "z"' }],
    ],
    [
      'minimum',
      { properties: { a: { minimum: 1 } } },
      { a: 0 },
      [{ path: 'a', message: '0 is less than 1' }],
    ],
    [
      'pattern',
      { properties: { a: { pattern: '^\\d+$' } } },
      { a: 'x' },
      [{ path: 'a', message: 'must match "^\\\\d+$", got "x"' }],
    ],
    [
      'format',
      { properties: { a: { format: 'email' } } },
      { a: 'x' },
      [{ path: 'a', message: 'must be of format email, got "x"' }],
    ],
    ['unknown format', { properties: { a: { format: 'constructor' } } }, { a: 'x' }, []],
    [
      'anyOf',
      { properties: { a: { anyOf: [text, { type: 'null' }] } } },
      { a: 1 },
      [
        { path: 'a', message: 'fits no allowed form' },
        { path: 'a', message: 'must be string, got 1 (in form 1)' },
        { path: 'a', message: 'must be null, got 1 (in form 2)' },
      ],
    ],
    [
      'oneOf',
      { properties: { a: { oneOf: [{}, {}] } } },
      { a: 1 },
      [{ path: 'a', message: 'fits more than one form' }],
    ],
    [
      '$ref',
      { properties: { a: { $ref: '#/$defs/b~1c', minLength: 3 } }, $defs: { 'b/c': text } },
      { a: 1 },
      [{ path: 'a', message: 'must be string, got 1' }],
    ],
    [
      'uniqueItems',
      { properties: { a: { uniqueItems: true } } },
      { a: [1, 1] },
      [{ path: 'a', message: 'Duplicate items at indexes 0 and 1' }],
    ],
    [
      'many unique items',
      { properties: { a: { uniqueItems: true } } },
      { a: Array(1001).fill(1) },
      [{ path: 'a', message: 'Array has too many items (1001 > 1000)' }],
    ],
    ['no object', {}, [1], [{ path: '', message: 'must be object, got a list of 1' }]],
    [
      'patternProperties',
      { patternProperties: { '^x-': text } },
      { 'x-a': 1 },
      [{ path: '["x-a"]', message: 'must be string, got 1' }],
    ],
    ['unknown keywords', { title: 5, 'x-mine': { type: 'nonsense' } }, {}, []],
  ])('%s', async (_, schema, input, expected) => {
    expect(await problems(schema, input)).toEqual(expected)
  })

  test('at most 8 problems are told, however many there are', async () => {
    const many = Array.from({ length: 200_000 }, () => 'x')
    expect(
      await problems({ properties: { a: { items: { type: 'number' } } } }, { a: many.slice(0, 20) }),
    ).toHaveLength(8)
    expect(await problems({ properties: { a: { items: { type: 'number' } } } }, { a: many })).toHaveLength(1)
  })

  test('names of Object.prototype are names like any other', async () => {
    const schema = {
      properties: { constructor: text, toString: text },
      required: ['constructor', '__proto__'],
    }
    expect(await problems(schema, {})).toMatchObject([{ path: 'constructor' }, { path: '__proto__' }])
  })

  test('drafts differ: tuples', async () => {
    const a = { items: [text], additionalItems: false }
    expect(
      await problems(
        { $schema: 'http://json-schema.org/draft-07/schema#', properties: { a } },
        { a: ['x', 1] },
      ),
    ).toMatchObject([{ path: 'a[1]' }])
  })

  test('is copied: later changes have no effect', () => {
    const parameters = { type: 'object', properties: { a: text } }
    const tool = withSchema(parameters)
    parameters.type = 'string'
    expect(tool.parameters).toMatchObject({ type: 'object' })
  })

  test('nothing means no arguments', async () => {
    const tool = defineTool({ name: 'none', execute: () => '' })
    expect(await tool.check({})).toEqual({ ok: true, input: {} })
    expect(await tool.check({ a: 1 })).toEqual({
      ok: false,
      problems: [{ path: 'a', message: 'is not allowed' }],
    })
  })
})

test('only a clear false needs no approval', () => {
  const needs = (answer: unknown): boolean =>
    defineTool({ name: 'a', needsApproval: () => answer as boolean, execute: () => '' }).needsApproval({})
  expect([false, true, undefined, 0].map(needs)).toEqual([false, true, true, true])
  expect(defineTool({ name: 'a', execute: () => '' }).needsApproval({})).toBe(false)
})
