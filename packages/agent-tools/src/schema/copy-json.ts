/** A frozen copy of a JSON Schema, as it will be sent: plain data of a bounded size. */
import { describe } from '../describe.ts'
import { ToolDefinitionError } from '../errors.ts'

/** Of the schema as JSON text. Generous: DeepSeek-V3.1's whole prompt is 131,072 tokens. */
const maxCharacters = 65_536
const maxDepth = 32

export type JsonObject = Readonly<Record<string, unknown>>

/** @throws ToolDefinitionError if it is no object, not serialisable (circles, BigInt), too large or too deep */
export function copyJson(tool: string, schema: unknown): JsonObject {
  const fail = (expected: string, got: string, cause?: unknown): never => {
    throw new ToolDefinitionError({ tool, path: 'parameters', expected, got, cause })
  }
  let text: string | undefined
  try {
    text = JSON.stringify(schema)
  } catch (error) {
    return fail('JSON data', error instanceof Error ? error.message : describe(error), error)
  }
  if (text === undefined || !text.startsWith('{')) return fail('a JSON Schema of an object', describe(schema))
  if (text.length > maxCharacters) {
    return fail(`at most ${maxCharacters} characters of JSON`, `${text.length}`)
  }
  if (depthOf(text) > maxDepth) return fail(`at most ${maxDepth} levels deep`, `${depthOf(text)}`)
  return freeze(JSON.parse(text))
}

/** Levels of brackets, counted in the text: safe however deep it is. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '{' || token === '[') deepest = Math.max(deepest, ++depth)
    else if (token === '}' || token === ']') depth--
  }
  return deepest
}

function freeze(value: JsonObject): JsonObject {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) freeze(part as JsonObject)
  }
  return Object.freeze(value)
}
