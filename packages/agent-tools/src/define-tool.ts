/** Makes tools: a name, a schema of the arguments, and a function. */
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { describe } from './describe.ts'
import { ToolDefinitionError } from './errors.ts'
import { longestTimeout } from './limit.ts'
import { createParameters } from './schema/parameters.ts'
import type { Tool, ToolContext } from './types.ts'

/** A Standard Schema that cannot describe itself as JSON Schema, with the JSON Schema that the model sees. */
export interface SchemaPair {
  readonly schema: StandardSchemaV1
  readonly jsonSchema: object
}

/**
 * What describes the arguments of a tool:
 * - a Standard Schema that also gives JSON Schema (zod >= 4.2, and others of spec 1.1),
 * - a Standard Schema together with a JSON Schema,
 * - a JSON Schema of an object.
 */
export type ToolParameters = StandardSchemaV1 | SchemaPair | object

/** What `execute` gets: the output type of the Standard Schema; for a plain JSON Schema, an object. */
export type ToolInput<Parameters> = Parameters extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<Parameters>
  : Parameters extends { readonly schema: infer Schema extends StandardSchemaV1; readonly jsonSchema: object }
    ? StandardSchemaV1.InferOutput<Schema>
    : Readonly<Record<string, unknown>>

export interface ToolOptions<Parameters extends ToolParameters | undefined> {
  /** 1 to 64 of `a-z A-Z 0-9 _ -`: what every server accepts. */
  readonly name: string
  /** When to use it and what it gives, for the model. */
  readonly description?: string | undefined
  /** Left out: the tool takes no arguments. */
  readonly parameters?: Parameters
  /**
   * Runs a call whose arguments were validated. Text is passed to the model as it is, anything else as JSON. What it
   * throws becomes an error result that the model sees.
   */
  execute(input: ToolInput<Parameters>, context: ToolContext): unknown
  /** Whether a person must agree first: always, or depending on the arguments. Default: never. */
  needsApproval?: boolean | ((input: ToolInput<Parameters>) => boolean) | undefined
  /** Milliseconds until a call counts as failed. Default: the run's own limit only. */
  readonly timeout?: number | undefined
}

const namePattern = /^[a-zA-Z0-9_-]{1,64}$/
const longestDescription = 8192

/**
 * Makes a tool, and checks it now rather than when a model calls it. The JSON Schema is copied and frozen: at most
 * 65,536 characters and 32 levels, `type: 'object'` at its top, `$ref` only within itself and without circles, and
 * patterns that cannot take exponential time.
 *
 * @throws ToolDefinitionError naming the place, what is allowed there and what was found
 */
export function defineTool<const Parameters extends ToolParameters | undefined = undefined>(
  options: ToolOptions<Parameters>,
): Tool {
  const { name, description, timeout, needsApproval = false } = options
  const tool = typeof name === 'string' ? name : describe(name)
  const fail = (path: string, expected: string, got: unknown): never => {
    throw new ToolDefinitionError({ tool, path, expected, got: describe(got) })
  }
  if (typeof name !== 'string' || !namePattern.test(name)) {
    fail('name', '1 to 64 of the characters a-z A-Z 0-9 _ -', name)
  }
  if (
    description !== undefined &&
    (typeof description !== 'string' || description.length > longestDescription)
  ) {
    fail('description', `text of at most ${longestDescription} characters`, description)
  }
  if (timeout !== undefined && !(typeof timeout === 'number' && timeout > 0 && timeout <= longestTimeout)) {
    fail('timeout', `milliseconds above 0, at most ${longestTimeout}`, timeout)
  }
  if (typeof options.execute !== 'function') fail('execute', 'a function', options.execute)
  if (typeof needsApproval !== 'boolean' && typeof needsApproval !== 'function') {
    fail('needsApproval', 'true, false or a function', needsApproval)
  }
  const { jsonSchema, check } = createParameters(tool, options.parameters)
  const made: Tool = {
    name,
    ...(description === undefined ? {} : { description }),
    parameters: jsonSchema,
    check,
    execute: (input, context) => options.execute(input as ToolInput<Parameters>, context),
    // Anything but a clear `false` asks a person.
    needsApproval: (input) =>
      typeof needsApproval === 'function'
        ? needsApproval(input as ToolInput<Parameters>) !== false
        : needsApproval,
    timeout,
  }
  return Object.freeze(made)
}
