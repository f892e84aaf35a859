/** Tools and arguments as transformers' templates get and write them. */
import { checkTools } from '../chat/check-messages.ts'
import { type PythonJsonOptions, pythonJson } from '../chat/python-json.ts'
import type { ToolDefinition } from '../chat/types.ts'

/** `value | tojson`: JSON of Python with all characters as they are. */
export function toJson(value: unknown, field: string, options: PythonJsonOptions = {}): string {
  return pythonJson(value, field, { ...options, ensureAscii: false })
}

/** Each tool as JSON in the form of the OpenAI API, in the order of the keys that transformers uses. @throws ChatError */
export function toolsAsJson(
  tools: readonly ToolDefinition[] | undefined,
  options: PythonJsonOptions = {},
): string[] {
  checkTools(tools ?? [])
  return (tools ?? []).map(({ name, description, parameters }, index) => {
    const schema = parameters ?? { type: 'object', properties: {} }
    const tool = { type: 'function', function: { name, description, parameters: schema } }
    return toJson(tool, `tools[${index}]`, options)
  })
}

/** Arguments: JSON text stays as it is to the byte. */
export function argumentsAsJson(given: string | object, field: string): string {
  return typeof given === 'string' ? given : toJson(given, field)
}
