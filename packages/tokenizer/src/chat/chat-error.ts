/** A conversation or a tool list cannot be rendered. */
export class ChatError extends Error {
  override readonly name = 'ChatError'
  /** Index in the message list; undefined when the fault is in the list itself, the tools or an option. */
  readonly index: number | undefined
  /** Path of the faulty field inside the message, such as `toolCalls[0].arguments`. */
  readonly field: string
  readonly expected: string
  readonly got: string
  constructor(facts: {
    index?: number | undefined
    field: string
    expected: string
    got: string
    cause?: unknown
  }) {
    const place = facts.index === undefined ? facts.field : `messages[${facts.index}].${facts.field}`
    super(`${place} must be ${facts.expected}, got ${facts.got}`, { cause: facts.cause })
    this.index = facts.index
    this.field = facts.field
    this.expected = facts.expected
    this.got = facts.got
  }
}
