import { defineTool } from '../../define-tool.ts'
import type { Tool } from '../../types.ts'
import { evaluateExpression } from './evaluate.ts'
import { formatValue } from './value.ts'

/**
 * The tool `calculator(expression)`: + - * / % ^, parentheses, functions, pi and e. Fractions and integers are
 * computed exactly (0.1 + 0.2 is 0.3, 2^100 has all its digits), roots and the like in float64. `%` is the remainder
 * with the sign of the dividend; angles are radians; `log` is natural. At most 2000 characters. Faults are
 * ExpressionErrors whose message tells the model what to write instead.
 */
export function calculator(): Tool {
  return defineTool({
    name: 'calculator',
    description: 'Evaluate an arithmetic expression.',
    parameters: {
      type: 'object',
      properties: { expression: { type: 'string' } },
      required: ['expression'],
    },
    execute: ({ expression }) => formatValue(evaluateExpression(String(expression))),
  })
}
