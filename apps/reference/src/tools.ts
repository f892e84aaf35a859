/** The tools that the command line offers: small, local, exact. */
import { decode, encode, formatInfo } from '@octoscale/fp8-core'
import type { ToolDefinition } from 'octoscale'

export interface Tool extends ToolDefinition {
  /** Takes the JSON text of the model's arguments, gives the text that the model sees. Never throws: a fault is a result. */
  readonly run: (argumentsText: string) => string
}

const formatNames = ['e4m3', 'e5m2', 'e2m1', 'e8m0', 'bf16', 'f16'] as const

/** Rounds with fp8-core, so the model states a number that it could not know. */
export const convertFormat: Tool = {
  name: 'convert_format',
  description: 'Round a number to a number format.',
  parameters: {
    type: 'object',
    properties: { value: { type: 'number' }, format: { type: 'string', enum: [...formatNames] } },
    required: ['value', 'format'],
  },
  run(argumentsText) {
    const { value, format } = JSON.parse(argumentsText) as { value?: unknown; format?: unknown }
    if (typeof value !== 'number') return 'error: value must be a number'
    const name = String(format).toLowerCase()
    if (!(formatNames as readonly string[]).includes(name)) {
      return `error: format must be one of ${formatNames.join(', ')}`
    }
    const row = formatInfo(name)
    return JSON.stringify({ value: decode(encode(value, row), row) })
  },
}

export const tools: readonly Tool[] = [convertFormat]

/** Runs the tool of that name. An unknown tool or a fault becomes text for the model. */
export function runTool(offered: readonly Tool[], name: string, argumentsText: string): string {
  const tool = offered.find((candidate) => candidate.name === name)
  if (tool === undefined) return `error: there is no tool ${name}`
  try {
    return tool.run(argumentsText)
  } catch (error) {
    return `error: ${error instanceof Error ? error.message : String(error)}`
  }
}
