/**
 * A tool could not do what was asked. The message is what the model reads: it says what is wrong and what to do.
 * The subclasses carry the facts.
 */
export class ToolError extends Error {
  override readonly name: string = 'ToolError'
  /** Name of the tool, for example `read_file`. */
  readonly tool: string
  constructor(facts: { tool: string; message: string; cause?: unknown }) {
    super(facts.message, { cause: facts.cause })
    this.tool = facts.tool
  }
}
