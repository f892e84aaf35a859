/** From what `defineTool` was given to the JSON Schema that the model sees and the check of its arguments. */
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import { describe } from '../describe.ts'
import { ToolDefinitionError } from '../errors.ts'
import type { CheckedInput } from '../types.ts'
import { copyJson, type JsonObject } from './copy-json.ts'
import { expandSchema } from './expand-schema.ts'
import { createJsonSchemaCheck } from './json-schema-check.ts'
import { createStandardCheck } from './standard-check.ts'

export interface CheckedParameters {
  /** Frozen; what is sent to the model. */
  readonly jsonSchema: object
  check(input: unknown): Promise<CheckedInput>
}

const noArguments = { type: 'object', properties: {}, additionalProperties: false }

/** @throws ToolDefinitionError */
export function createParameters(tool: string, parameters: unknown): CheckedParameters {
  if (parameters === undefined) return fromJsonSchema(tool, noArguments)
  if (isStandardSchema(parameters)) return fromStandard(tool, parameters, toJsonSchema(tool, parameters))
  if (typeof parameters !== 'object' || parameters === null) {
    throw new ToolDefinitionError({
      tool,
      path: 'parameters',
      expected: 'a Standard Schema, { schema, jsonSchema } or a JSON Schema of an object',
      got: describe(parameters),
    })
  }
  if ('schema' in parameters && isStandardSchema(parameters.schema)) {
    return fromStandard(
      tool,
      parameters.schema,
      'jsonSchema' in parameters ? parameters.jsonSchema : undefined,
    )
  }
  return fromJsonSchema(tool, parameters)
}

function fromJsonSchema(tool: string, schema: object): CheckedParameters {
  const jsonSchema = readSchema(tool, schema)
  const expanded = expandSchema(tool, jsonSchema, { patterns: 'checked' })
  return { jsonSchema, check: createJsonSchemaCheck(expanded) }
}

function fromStandard(tool: string, schema: StandardSchemaV1, description: unknown): CheckedParameters {
  const jsonSchema = readSchema(tool, description)
  // The library runs its own patterns; the JSON Schema only has to be one that models and grammars can take.
  expandSchema(tool, jsonSchema, { patterns: 'ignored' })
  return { jsonSchema, check: createStandardCheck(schema) }
}

/** A frozen copy without `$schema`, which models have no use for. */
function readSchema(tool: string, schema: unknown): JsonObject {
  const { $schema: _, ...rest } = copyJson(tool, schema)
  return Object.freeze(rest)
}

function isStandardSchema(value: unknown): value is StandardSchemaV1 {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  const standard = (value as Partial<StandardSchemaV1>)['~standard']
  return typeof standard === 'object' && standard !== null && typeof standard.validate === 'function'
}

/** The JSON Schema that a Standard Schema gives of its input (Standard JSON Schema, spec 1.1). */
function toJsonSchema(tool: string, schema: StandardSchemaV1): unknown {
  const { vendor, jsonSchema } = schema['~standard'] as StandardSchemaV1.Props &
    Partial<StandardJSONSchemaV1.Props>
  const fail = (got: string, cause?: unknown): never => {
    const expected = 'a schema that can give JSON Schema; pass { schema, jsonSchema } to write it yourself'
    throw new ToolDefinitionError({ tool, path: 'parameters', expected, got, cause })
  }
  if (typeof jsonSchema?.input !== 'function') return fail(`one of ${vendor} that cannot`)
  let first: unknown
  for (const target of ['draft-2020-12', 'draft-07'] as const) {
    try {
      return jsonSchema.input({ target })
    } catch (error) {
      first ??= error
    }
  }
  return fail(`one of ${vendor} that cannot: ${first instanceof Error ? first.message : first}`, first)
}
