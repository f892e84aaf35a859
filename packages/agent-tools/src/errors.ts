/** Errors of agents. Each carries its facts as fields; the message is built from them and says what to do. */

/** `defineTool` was given something that makes no tool. Only this tool fails; others are not touched. */
export class ToolDefinitionError extends Error {
  override readonly name = 'ToolDefinitionError'
  readonly tool: string
  /** Where in the definition, for example `parameters.properties.city.pattern`. */
  readonly path: string
  readonly expected: string
  readonly got: string
  constructor(facts: { tool: string; path: string; expected: string; got: string; cause?: unknown }) {
    super(`tool ${facts.tool}: ${facts.path} must be ${facts.expected}, got ${facts.got}`, {
      cause: facts.cause,
    })
    this.tool = facts.tool
    this.path = facts.path
    this.expected = facts.expected
    this.got = facts.got
  }
}

/** An option of `runAgent` or of a model is out of its range. */
export class AgentOptionError extends Error {
  override readonly name = 'AgentOptionError'
  readonly option: string
  readonly expected: string
  readonly got: string
  constructor(facts: { option: string; expected: string; got: string }) {
    super(`option ${facts.option} must be ${facts.expected}, got ${facts.got}`)
    this.option = facts.option
    this.expected = facts.expected
    this.got = facts.got
  }
}

/** A text in a call's arguments is too long to be held against its `pattern` in reasonable time. */
export class PatternLimitError extends Error {
  override readonly name = 'PatternLimitError'
  readonly characters: number
  readonly limit: number
  constructor(facts: { characters: number; limit: number }) {
    super(
      `a text of ${facts.characters} characters is too long for its pattern: at most ${facts.limit} are allowed`,
    )
    this.characters = facts.characters
    this.limit = facts.limit
  }
}

/** A run was iterated a second time. */
export class AgentStateError extends Error {
  override readonly name = 'AgentStateError'
  constructor() {
    super('this run was iterated already: its events come once; wait for result(), or call runAgent again')
  }
}

/**
 * A model failed. `network`: no answer came, or it broke off. `status`: the server refused (`status`, `code`).
 * `server`: it reported an error in the middle of an answer. `protocol`: what came is no answer of a chat model.
 */
export class ModelError extends Error {
  override readonly name = 'ModelError'
  readonly kind: 'network' | 'status' | 'server' | 'protocol'
  /** Of HTTP. */
  readonly status: number | undefined
  /** The server's own, for example `context_length_exceeded`. */
  readonly code: string | undefined
  /** Seconds that the server asks to wait before the next try. */
  readonly retryAfter: number | undefined
  constructor(facts: {
    kind: ModelError['kind']
    problem: string
    status?: number | undefined
    code?: string | undefined
    retryAfter?: number | undefined
    cause?: unknown
  }) {
    super(facts.problem, { cause: facts.cause })
    this.kind = facts.kind
    this.status = facts.status
    this.code = facts.code
    this.retryAfter = facts.retryAfter
  }
}
