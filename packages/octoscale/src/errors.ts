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
