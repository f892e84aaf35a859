/** A tool of this application: small, local, exact. It runs in the command line and in the web app. */
import { defineTool, type Tool } from '@octoscale/agent-tools'
import { decode, encode, formatInfo } from '@octoscale/fp8-core'

/** Rounds with fp8-core, so the model states a number that it could not know. */
export const convertFormat: Tool = defineTool({
  name: 'convert_format',
  description: 'Round a number to a number format.',
  parameters: {
    type: 'object',
    properties: {
      value: { type: 'number' },
      // No `enum`: models write names as people do, and formatInfo knows aliases and says which names there are.
      format: { type: 'string', description: 'e4m3, e5m2, e2m1, e8m0, bf16 or f16' },
    },
    required: ['value', 'format'],
  },
  execute({ value, format }) {
    const row = formatInfo(String(format))
    const rounded = decode(encode(Number(value), row), row)
    // JSON has no NaN and no infinities.
    return { value: Number.isFinite(rounded) ? rounded : String(rounded) }
  },
})
