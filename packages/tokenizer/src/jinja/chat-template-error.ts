import type { TemplateLimits } from './template-limits.ts'

/** A chat template cannot be read, failed, refuses a conversation, or reached a limit. */
export class ChatTemplateError extends Error {
  override readonly name = 'ChatTemplateError'
  readonly problem: string
  /** The limit that was reached. */
  readonly limit: keyof TemplateLimits | undefined

  constructor(facts: { problem: string; limit?: keyof TemplateLimits; cause?: unknown }) {
    const because = facts.cause instanceof Error ? `: ${facts.cause.message}` : ''
    const raise = facts.limit === undefined ? '' : ` (${facts.limit}); raise it if the template is trusted`
    super(`The chat template ${facts.problem}${raise}${because}`, { cause: facts.cause })
    this.problem = facts.problem
    this.limit = facts.limit
  }
}
