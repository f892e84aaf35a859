/** Errors of the tensor layer. Each carries its facts as fields; the message is built from them and says what to do. */

/** A tensor has another shape than the operation or file needs. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError'
  readonly op: string
  readonly tensor: string
  readonly expected: string
  readonly got: string
  constructor(facts: { op: string; tensor: string; expected: string; got: string; cause?: unknown }) {
    super(`${facts.op}: ${facts.tensor} must have shape ${facts.expected}, got ${facts.got}`, {
      cause: facts.cause,
    })
    this.op = facts.op
    this.tensor = facts.tensor
    this.expected = facts.expected
    this.got = facts.got
  }
}

/** A tensor has a dtype that the operation cannot take. */
export class DTypeError extends Error {
  override readonly name = 'DTypeError'
  readonly op: string
  readonly tensor: string
  readonly expected: string
  readonly got: string
  constructor(facts: { op: string; tensor: string; expected: string; got: string }) {
    super(`${facts.op}: ${facts.tensor} must be ${facts.expected}, got ${facts.got}`)
    this.op = facts.op
    this.tensor = facts.tensor
    this.expected = facts.expected
    this.got = facts.got
  }
}

/** An argument is out of its range, or two tensors overlap that must not. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError'
  readonly op: string
  readonly argument: string
  readonly expected: string
  readonly got: string
  constructor(facts: { op: string; argument: string; expected: string; got: string }) {
    super(`${facts.op}: ${facts.argument} must be ${facts.expected}, got ${facts.got}`)
    this.op = facts.op
    this.argument = facts.argument
    this.expected = facts.expected
    this.got = facts.got
  }
}

/** An index tensor holds a value outside its range. */
export class IndexError extends Error {
  override readonly name = 'IndexError'
  readonly op: string
  readonly tensor: string
  readonly index: number
  readonly limit: number
  constructor(facts: { op: string; tensor: string; index: number; limit: number }) {
    super(`${facts.op}: ${facts.tensor} holds ${facts.index}, must be in 0 .. ${facts.limit - 1}`)
    this.op = facts.op
    this.tensor = facts.tensor
    this.index = facts.index
    this.limit = facts.limit
  }
}

/** The backend has not enough memory for a buffer. */
export class OutOfMemoryError extends Error {
  override readonly name = 'OutOfMemoryError'
  readonly label: string
  readonly bytes: number
  constructor(facts: { label: string; bytes: number; detail: string; cause?: unknown }) {
    super(`cannot allocate ${facts.bytes} bytes for ${facts.label}: ${facts.detail}`, { cause: facts.cause })
    this.label = facts.label
    this.bytes = facts.bytes
  }
}

/** A file is not what its format says. Names the file, the tensor where there is one, and the numbers. */
export class FormatError extends Error {
  override readonly name = 'FormatError'
  readonly file: string
  readonly tensor: string | undefined
  constructor(facts: { file: string; tensor?: string | undefined; problem: string; cause?: unknown }) {
    super(`${facts.file}: ${facts.tensor === undefined ? '' : `tensor ${facts.tensor}: `}${facts.problem}`, {
      cause: facts.cause,
    })
    this.file = facts.file
    this.tensor = facts.tensor
  }
}

/** The device or runtime that a backend needs is missing. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError'
  readonly missing: string
  constructor(facts: { backend: string; missing: string; cause?: unknown }) {
    super(`${facts.backend}: ${facts.missing}`, { cause: facts.cause })
    this.missing = facts.missing
  }
}
