/** Errors of this package. Each carries its facts as fields; the message is built from them and says what to do. */

/** Names and options may come from files: cut, and in one line without control characters. */
function shown(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 80)}…` : text
  return short.replace(
    /[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** No format has this name or alias. */
export class UnknownFormatError extends Error {
  override readonly name = 'UnknownFormatError'
  /** As given, however long. */
  readonly format: string
  /** Known names that look most like it, best first. */
  readonly nearest: readonly string[]
  constructor(facts: { format: string; nearest: readonly string[] }) {
    super(`unknown number format '${shown(facts.format)}': did you mean ${facts.nearest.join(', ')}?`)
    this.format = facts.format
    this.nearest = facts.nearest
  }
}

/** A code does not fit the format's bits. */
export class CodeError extends Error {
  override readonly name = 'CodeError'
  readonly format: string
  readonly code: number
  readonly bits: number
  /** Where it stands, if it is one of many. */
  readonly index: number | undefined
  constructor(facts: { format: string; code: number; bits: number; index?: number }) {
    const where = facts.index === undefined ? '' : ` at index ${facts.index}`
    super(
      `${facts.format}: a code must be an integer in 0 .. ${2 ** facts.bits - 1}, got ${facts.code}${where}`,
    )
    this.format = facts.format
    this.code = facts.code
    this.bits = facts.bits
    this.index = facts.index
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

/** An array ends within a block: an odd count of FP4 codes, for example. */
export class PartialBlockError extends Error {
  override readonly name = 'PartialBlockError'
  readonly op: string
  readonly array: string
  /** Elements of a block. */
  readonly block: number
  readonly got: number
  /** Elements to add: the least count that fills the last block. */
  readonly missing: number
  constructor(facts: { op: string; array: string; block: number; got: number; remedy: string }) {
    const missing = facts.block - (facts.got % facts.block)
    super(
      `${facts.op}: ${facts.array} must fill blocks of ${facts.block}, got ${facts.got}, ${missing} too few: ${facts.remedy}`,
    )
    this.op = facts.op
    this.array = facts.array
    this.block = facts.block
    this.got = facts.got
    this.missing = missing
  }
}

/** The scale of a block is none that its format, or the operation, can take. */
export class BlockScaleError extends Error {
  override readonly name = 'BlockScaleError'
  readonly op: string
  /** Place of the block in the grid of blocks. */
  readonly row: number
  readonly column: number
  readonly value: number
  readonly expected: string
  constructor(facts: { op: string; row: number; column: number; value: number; expected: string }) {
    const value = Object.is(facts.value, -0) ? '-0' : facts.value
    super(
      `${facts.op}: the scale of block [${facts.row}, ${facts.column}] must be ${facts.expected}, got ${value}`,
    )
    this.op = facts.op
    this.row = facts.row
    this.column = facts.column
    this.value = facts.value
    this.expected = facts.expected
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
    super(`${facts.op}: ${facts.argument} must be ${facts.expected}, got ${shown(facts.got)}`)
    this.op = facts.op
    this.argument = facts.argument
    this.expected = facts.expected
    this.got = facts.got
  }
}
