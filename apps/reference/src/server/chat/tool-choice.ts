/** Which tools the model may call, and whether it must. */
import type { ChatOptions, ToolDefinition } from 'octoscale'
import { badRequest } from '../api-error.ts'
import type { ChatRequest } from './request-types.ts'

export interface OfferedTools {
  readonly tools: readonly ToolDefinition[]
  /** Absent: the model decides. */
  readonly toolChoice?: NonNullable<ChatOptions['toolChoice']>
}

/** The tools to offer; none with `tool_choice: "none"`. Throws `ApiError` 400 for a choice that is none. */
export function offeredTools(request: ChatRequest): OfferedTools {
  const tools = (request.tools ?? []).map(({ function: { name, description, parameters } }) => ({
    name,
    ...(description == null ? {} : { description }),
    ...(parameters == null ? {} : { parameters }),
  }))
  const seen = new Set<string>()
  for (const [index, { name }] of tools.entries()) {
    if (seen.has(name)) throw badRequest(`tools[${index}].function.name`, `there is a second tool ${name}`)
    seen.add(name)
  }
  const choice = request.tool_choice ?? 'auto'
  if (choice === 'none') return { tools: [] }
  if (choice === 'auto') return { tools }
  if (choice === 'required') {
    if (tools.length === 0) throw badRequest('tool_choice', '"required" needs tools')
    return { tools, toolChoice: choice }
  }
  const name = namedFunction(choice)
  if (name === undefined) {
    throw badRequest('tool_choice', 'must be "auto", "none", "required", or name one function of the tools')
  }
  if (!seen.has(name)) throw badRequest('tool_choice.function.name', 'must be the name of one of the tools')
  return { tools, toolChoice: { name } }
}

/** `{ "type": "function", "function": { "name": ... } }`. */
function namedFunction(choice: unknown): string | undefined {
  if (typeof choice !== 'object' || choice === null) return undefined
  const { type, function: named } = choice as { type?: unknown; function?: { name?: unknown } | null }
  return type === 'function' && typeof named?.name === 'string' ? named.name : undefined
}
