import { ToolError } from '../tool-error.ts'

/** An expression that the calculator cannot read, or that has no value. */
export class ExpressionError extends ToolError {
  override readonly name = 'ExpressionError'
  /** What stands wrong, as written; empty if it is the whole. */
  readonly part: string
  constructor(facts: { message: string; part?: string; cause?: unknown }) {
    super({ tool: 'calculator', message: facts.message, cause: facts.cause })
    this.part = facts.part ?? ''
  }
}
