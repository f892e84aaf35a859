/** The JSON text of a call's arguments, as the model wrote it, to data. */
import { describe } from '../describe.ts'
import { isRecord } from '../is-record.ts'

export type ParsedArguments =
  | { readonly ok: true; readonly input: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly problem: string }

const maxCharacters = 262_144
const maxDepth = 64

/**
 * Repairs only what can mean one thing: nothing or `null` for no arguments, an object in a code fence, an object encoded
 * twice. Anything else goes back to the model with the reason.
 */
export function parseArguments(text: string): ParsedArguments {
  if (text.length > maxCharacters) {
    return { ok: false, problem: `they have ${text.length} characters, at most ${maxCharacters} are allowed` }
  }
  let value: unknown
  try {
    value = parse(unfence(text))
    if (typeof value === 'string') value = parse(value)
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : describe(error) }
  }
  if (!isRecord(value)) {
    return { ok: false, problem: `they must be one JSON object, got ${describe(value)}` }
  }
  const problem = danger(value, 1)
  return problem === undefined ? { ok: true, input: value } : { ok: false, problem }
}

function parse(text: string): unknown {
  return text.trim() === '' ? {} : (JSON.parse(text) ?? {})
}

function unfence(text: string): string {
  const trimmed = text.trim()
  if (!trimmed.startsWith('```') || !trimmed.endsWith('```')) return trimmed
  return trimmed.slice(3, -3).replace(/^json\b/, '')
}

/** A name that could change the prototype of whatever it is copied into, or nesting that could overflow a stack. */
function danger(value: object, depth: number): string | undefined {
  if (depth > maxDepth) return `they are nested more than ${maxDepth} levels deep`
  for (const [name, part] of Object.entries(value)) {
    if (name === '__proto__') return 'the name "__proto__" is not allowed'
    const problem = typeof part === 'object' && part !== null ? danger(part, depth + 1) : undefined
    if (problem !== undefined) return problem
  }
  return undefined
}
