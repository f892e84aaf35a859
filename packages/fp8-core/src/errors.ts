/** Errors of this package. Each carries its facts as fields; the message is built from them and says what to do. */

/** No format has this name or alias. */
export class UnknownFormatError extends Error {
  override readonly name = 'UnknownFormatError'
  readonly format: string
  /** Known names that look most like it, best first. */
  readonly nearest: readonly string[]
  constructor(facts: { format: string; nearest: readonly string[] }) {
    super(`unknown number format '${facts.format}': did you mean ${facts.nearest.join(', ')}?`)
    this.format = facts.format
    this.nearest = facts.nearest
  }
}

/** A code does not fit the format's bits. */
export class CodeError extends Error {
  override readonly name = 'CodeError'
  readonly format: string
  readonly code: number
  constructor(facts: { format: string; code: number; bits: number }) {
    super(`${facts.format}: a code must be an integer in 0 .. ${2 ** facts.bits - 1}, got ${facts.code}`)
    this.format = facts.format
    this.code = facts.code
  }
}

/** A format has no code for this value, and none that could stand for it. */
export class UnrepresentableError extends Error {
  override readonly name = 'UnrepresentableError'
  readonly format: string
  readonly value: number
  constructor(facts: { format: string; value: number }) {
    super(
      `${facts.format} cannot represent ${facts.value}: replace it before encoding, or use a format with NaN`,
    )
    this.format = facts.format
    this.value = facts.value
  }
}

/** An array does not have the length that goes with its shape, its output or its partner. */
export class LengthError extends Error {
  override readonly name = 'LengthError'
  readonly op: string
  readonly array: string
  readonly expected: number
  readonly got: number
  constructor(facts: { op: string; array: string; expected: number; got: number }) {
    super(`${facts.op}: ${facts.array} must have ${facts.expected} elements, got ${facts.got}`)
    this.op = facts.op
    this.array = facts.array
    this.expected = facts.expected
    this.got = facts.got
  }
}

/** An argument is not one of the allowed values. */
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
