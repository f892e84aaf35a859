/** Errors of the facade. Errors of the packages below (format, shape, context length ...) pass through unchanged. */

/** `load()` was given something that is no model: names the source, the problem and what to do. */
export class LoadError extends Error {
  override readonly name = 'LoadError'
  readonly source: string
  readonly file: string | undefined
  constructor(facts: { source: string; file?: string | undefined; problem: string; cause?: unknown }) {
    super(`${facts.source}${facts.file === undefined ? '' : `: ${facts.file}`}: ${facts.problem}`, {
      cause: facts.cause,
    })
    this.source = facts.source
    this.file = facts.file
  }
}

/** An option of a call is out of its range. */
export class OptionError extends Error {
  override readonly name = 'OptionError'
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

/** The model was disposed, or is answering another call: one model answers one call at a time. */
export class StateError extends Error {
  override readonly name = 'StateError'
  readonly state: 'disposed' | 'busy'
  constructor(state: 'disposed' | 'busy') {
    super(
      state === 'disposed'
        ? 'this model was disposed: load it again'
        : 'this model is answering another call: finish reading that reply, or abort it, first',
    )
    this.state = state
  }
}
