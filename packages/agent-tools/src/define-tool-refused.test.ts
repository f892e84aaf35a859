import { expect, test } from 'vitest'
import * as z from 'zod'
import { ToolDefinitionError } from './errors.ts'
import { failureOf } from './testing/failure-of.ts'

const circle: Record<string, unknown> = { type: 'object' }
circle.properties = circle
const deep = JSON.parse(`${'{"items":'.repeat(40)}{}${'}'.repeat(40)}`)
const tree = z.object({
  get kids() {
    return z.array(tree)
  },
})
const laughs = Object.fromEntries(
  Array.from({ length: 20 }, (_, n) => [
    `d${n}`,
    { allOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
  ]),
)

test.each<[string, object, RegExp]>([
  [
    'name',
    { name: 'a b' },
    /^ToolDefinitionError: tool a b: name must be 1 to 64 of the characters.*, got "a b"$/,
  ],
  ['name', { name: 'a'.repeat(65) }, /name must be/],
  ['name', { name: 5 }, /tool 5: name must be/],
  ['description', { description: 'x'.repeat(9000) }, /description must be text of at most 8192/],
  ['timeout', { timeout: 0 }, /timeout must be milliseconds above 0/],
  ['timeout', { timeout: '5' }, /timeout must be/],
  ['execute', { execute: 'no' }, /execute must be a function/],
  ['needsApproval', { needsApproval: 'always' }, /needsApproval must be/],
  ['parameters', { parameters: 5 }, /parameters must be a Standard Schema/],
  ['parameters', { parameters: null }, /parameters must be a Standard Schema/],
  ['parameters', { parameters: [] }, /parameters must be a JSON Schema of an object, got a list of 0/],
  ['parameters', { parameters: circle }, /must be JSON data.*circular/is],
  ['parameters', { parameters: { n: 1n } }, /must be JSON data/],
  [
    'parameters',
    { parameters: { type: 'object', description: 'x'.repeat(70_000) } },
    /at most 65536 characters/,
  ],
  ['parameters', { parameters: { type: 'object', ...deep } }, /at most 32 levels deep/],
  ['parameters.type', { parameters: { type: 'string' } }, /must be "object".*got "string"/],
  ['parameters.type', { parameters: { anyOf: [{ type: 'object' }] } }, /must be "object".*got undefined/],
  ['parameters.type', { parameters: z.string() }, /must be "object"/],
  ['parameters.properties', { parameters: { type: 'object', properties: [] } }, /schemas by name/],
  [
    'parameters.properties.a',
    { parameters: { type: 'object', properties: { a: 'string' } } },
    /a JSON Schema, got "string"/,
  ],
  [
    'parameters.properties.a.type',
    { parameters: { type: 'object', properties: { a: { type: 'text' } } } },
    /one of array/,
  ],
  ['parameters.required', { parameters: { type: 'object', required: 'a' } }, /a list of names/],
  ['parameters.anyOf', { parameters: { type: 'object', anyOf: {} } }, /a list of schemas/],
  [
    'parameters.dependencies.a',
    { parameters: { type: 'object', dependencies: { a: [1] } } },
    /a list of names/,
  ],
  ['parameters.$dynamicRef', { parameters: { type: 'object', $dynamicRef: '#x' } }, /left out: use \$ref/],
  ['parameters.items.$id', { parameters: { type: 'object', items: { $id: 'x' } } }, /left out/],
  [
    'parameters.items.$ref',
    { parameters: { type: 'object', items: { $ref: 'http://127.0.0.1/x' } } },
    /a pointer into this schema/,
  ],
  [
    'parameters.items.$ref',
    { parameters: { type: 'object', items: { $ref: '#/$defs/missing' } } },
    /a part of this schema/,
  ],
  [
    'parameters.items.$ref',
    { parameters: { type: 'object', items: { $ref: '#/constructor' } } },
    /a part of this schema/,
  ],
  [
    'parameters.items.$ref',
    { parameters: { type: 'object', items: { $ref: '#/%' } } },
    /a part of this schema/,
  ],
  ['parameters.items.$ref.$ref', { parameters: { type: 'object', items: { $ref: '#/items' } } }, /circle/],
  ['parameters.properties.kids.items.$ref', { parameters: tree }, /recursive schemas are refused, got "#"/],
  [
    'parameters.items.pattern',
    { parameters: { type: 'object', items: { pattern: '(a)\\1' } } },
    /without lookaround and backreferences/,
  ],
  [
    'parameters.patternProperties["(a+)+$"]',
    { parameters: { type: 'object', patternProperties: { '(a+)+$': {} } } },
    /at most one repetition/,
  ],
])('%s is checked: %#', (path, options, message) => {
  const error = failureOf(options)
  expect(error).toBeInstanceOf(ToolDefinitionError)
  expect(String(error)).toMatch(message)
  expect((error as ToolDefinitionError).path).toBe(path)
})

test('$refs that grow exponentially are refused', () => {
  const parameters = { type: 'object', items: { $ref: '#/$defs/d0' }, $defs: { ...laughs, d20: {} } }
  expect(String(failureOf({ parameters }))).toMatch(/at most 10000 subschemas/)
})
