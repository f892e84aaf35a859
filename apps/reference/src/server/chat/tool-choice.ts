/** Which tools the model may call. */
import type { ToolDefinition } from 'octoscale'
import { badRequest, unsupported } from '../api-error.ts'
import type { ChatRequest } from './request-types.ts'

/** The tools to offer; none with `tool_choice: "none"`. Throws `ApiError` 400 for a choice that cannot be enforced. */
export function offeredTools(request: ChatRequest): ToolDefinition[] {
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
  if (choice === 'none') return []
  if (choice === 'auto') return tools
  if (choice === 'required' || typeof choice === 'object') {
    throw unsupported(
      'tool_choice',
      'the model cannot be made to call a tool, nor a certain one: only "auto" and "none"',
    )
  }
  throw badRequest('tool_choice', 'must be "auto" or "none"')
}
