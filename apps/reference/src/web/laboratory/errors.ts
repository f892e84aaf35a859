/** Errors of the format laboratory. */

/** A typed text is no number that the laboratory can take exactly as meant. */
export class NumberTextError extends Error {
  override readonly name = 'NumberTextError'
  /** The text, cut to 64 characters. */
  readonly text: string
  /** What is wrong with it and what to write instead: one sentence, for people. */
  readonly reason: string
  constructor(facts: { text: string; reason: string; cause?: unknown }) {
    const text = facts.text.slice(0, 64)
    super(`'${text}' is not a number: ${facts.reason}`, { cause: facts.cause })
    this.text = text
    this.reason = facts.reason
  }
}

/** NaN or an infinity where only a finite number has an answer. */
export class NotFiniteError extends Error {
  override readonly name = 'NotFiniteError'
  readonly value: number
  constructor(facts: { value: number }) {
    super(`${facts.value} has no exact form significand * 2^exponent: test with Number.isFinite first`)
    this.value = facts.value
  }
}
