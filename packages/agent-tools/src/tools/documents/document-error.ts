import { ToolError } from '../tool-error.ts'

/** A document, or a line of it, that does not exist. */
export class DocumentError extends ToolError {
  override readonly name = 'DocumentError'
  readonly id: string
  constructor(facts: { id: string; problem: string }) {
    super({ tool: 'open_document', message: `${facts.id}: ${facts.problem}` })
    this.id = facts.id
  }
}
