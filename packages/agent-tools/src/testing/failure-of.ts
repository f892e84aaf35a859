/** What tests of `defineTool` share. */
import { defineTool, type ToolOptions } from '../define-tool.ts'

/** What `defineTool` throws for these options. */
export function failureOf(options: object): unknown {
  try {
    defineTool({ name: 'test', execute: () => '', ...options } as ToolOptions<undefined>)
  } catch (error) {
    return error
  }
  return undefined
}
