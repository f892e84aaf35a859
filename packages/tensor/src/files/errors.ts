/** Errors of reading and writing bytes; what the bytes say is a `FormatError`. */

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

/** A file cannot be written: no permission, no space, one is there already. */
export class FileWriteError extends Error {
  override readonly name = 'FileWriteError'
  readonly path: string
  readonly problem: string
  constructor(facts: { path: string; problem: string; cause?: unknown }) {
    super(`${facts.path}: ${facts.problem}`, { cause: facts.cause })
    this.path = facts.path
    this.problem = facts.problem
  }
}

/** A file is complete but not the one that was meant: its SHA-256 is another. */
export class HashError extends Error {
  override readonly name = 'HashError'
  readonly file: string
  /** 64 hexadecimal digits, as given. */
  readonly expected: string
  readonly got: string
  constructor(facts: { file: string; expected: string; got: string }) {
    super(
      `${facts.file}: the SHA-256 is ${facts.got}, expected was ${facts.expected}; fetch the file again, do not use it`,
    )
    this.file = facts.file
    this.expected = facts.expected
    this.got = facts.got
  }
}
