/** Errors of reading bytes; what the bytes say is a `FormatError`. */

/** A file that is needed does not exist. */
export class FileNotFoundError extends Error {
  override readonly name = 'FileNotFoundError'
  /** Path or URL. */
  readonly path: string
  constructor(facts: { path: string; cause?: unknown }) {
    super(`${facts.path}: there is no such file; check the path`, { cause: facts.cause })
    this.path = facts.path
  }
}

/** A file exists but its bytes cannot be had: no permission, not a regular file, a network or server fault. */
export class FileReadError extends Error {
  override readonly name = 'FileReadError'
  /** Path or URL. */
  readonly path: string
  readonly problem: string
  constructor(facts: { path: string; problem: string; cause?: unknown }) {
    super(`${facts.path}: ${facts.problem}`, { cause: facts.cause })
    this.path = facts.path
    this.problem = facts.problem
  }
}
