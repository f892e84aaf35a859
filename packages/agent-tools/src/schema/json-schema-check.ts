/** Arguments checked by a JSON Schema. Interpreted, not compiled: pages that forbid `eval` can use it. */
import { type OutputUnit, Validator } from '@cfworker/json-schema'
import { describe } from '../describe.ts'
import type { CheckedInput, InputProblem } from '../types.ts'
import type { JsonObject } from './copy-json.ts'
import { formatPath } from './format-path.ts'
import { patternOfFormat } from './pattern.ts'

/** A model mends one thing after another; more only fills its context. */
const maxProblems = 8

/** @param schema made by `expandSchema` */
export function createJsonSchemaCheck(schema: JsonObject): (input: unknown) => Promise<CheckedInput> {
  // The validator writes notes into the schema it is given.
  const quick = new Validator(structuredClone(schema), '2020-12', true)
  const thorough = new Validator(structuredClone(schema), '2020-12', false)
  return async (input) => {
    const first = quick.validate(input)
    if (first.valid) return { ok: true, input }
    const errors = allErrors(thorough, input) ?? first.errors
    const problems = new Map<string, InputProblem>()
    for (const error of innermost(errors)) {
      const problem = toProblem(error, input, schema)
      problems.set(`${problem.path} ${problem.message}`, problem)
      if (problems.size === maxProblems) break
    }
    return { ok: false, problems: [...problems.values()] }
  }
}

/** Every error, or undefined if they are too many to collect. */
function allErrors(validator: Validator, input: unknown): readonly OutputUnit[] | undefined {
  try {
    return validator.validate(input).errors
  } catch {
    return undefined
  }
}

/** Keywords whose error only says that something inside is wrong, where that is listed too. */
const containers = new Set([
  'additionalItems',
  'additionalProperties',
  'allOf',
  'if',
  'items',
  'patternProperties',
  'prefixItems',
  'properties',
  'unevaluatedItems',
  'unevaluatedProperties',
])

function innermost(errors: readonly OutputUnit[]): readonly OutputUnit[] {
  const inner = errors.filter(({ keyword }) => !containers.has(keyword))
  return inner.length > 0 ? inner : errors
}

function toProblem(unit: OutputUnit, input: unknown, schema: JsonObject): InputProblem {
  const { keyword, keywordLocation, instanceLocation, error } = unit
  const { path, value } = find(input, instanceLocation)
  const form = /.*\/(?:anyOf|oneOf)\/(\d+)/.exec(keywordLocation)
  const at = (message: string): InputProblem => ({
    path: formatPath(path),
    message: form === null ? message : `${message} (in form ${Number(form[1]) + 1})`,
  })
  const got = describe(value)
  switch (keyword) {
    case 'required': {
      const name = error.slice(error.indexOf('"') + 1, error.lastIndexOf('"'))
      return { ...at('is required, but missing'), path: formatPath([...path, name]) }
    }
    case 'false':
      return at('is not allowed')
    case 'type':
      return at(
        `must be ${afterLast(error, 'Expected ').replaceAll('"', '').replaceAll(',', ' or')}, got ${got}`,
      )
    case 'enum':
      return at(`must be one of ${afterLast(error, 'any of ')}, got ${got}`)
    case 'const':
      return at(`must be ${afterLast(error, 'not match ')}, got ${got}`)
    case 'anyOf':
    case 'oneOf':
      return at(
        error.includes('matches') && !error.includes('(0')
          ? 'fits more than one form'
          : 'fits no allowed form',
      )
    case 'format': {
      const name = find(schema, keywordLocation).value
      const pattern = patternOfFormat(name)
      return at(
        `must ${pattern === undefined ? `be of format ${name}` : `match ${describe(pattern)}`}, got ${got}`,
      )
    }
    default:
      return at(error.replace(/\.$/, ''))
  }
}

/** What follows `word` in a message of the validator, without its full stop. */
function afterLast(error: string, word: string): string {
  return error.slice(error.indexOf(word) + word.length).replace(/\.$/, '')
}

/** Follows a location like `#/a/0` through the input, so that indices and names can be told apart. */
function find(input: unknown, location: string): { path: PropertyKey[]; value: unknown } {
  const path: PropertyKey[] = []
  let value = input
  for (const part of location.split('/').slice(1)) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    path.push(Array.isArray(value) ? Number(key) : key)
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
  }
  return { path, value }
}
