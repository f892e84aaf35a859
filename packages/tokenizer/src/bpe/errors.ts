import { describe } from '../describe.ts'

/** A tokenizer.json that this reader cannot follow exactly: another kind of tokenizer, or a faulty file. */
export class UnsupportedTokenizerError extends Error {
  override readonly name = 'UnsupportedTokenizerError'
  /** Where in tokenizer.json, such as `pre_tokenizer.pretokenizers[1].type`. */
  readonly path: string
  readonly value: unknown
  readonly expected: string
  constructor(facts: { path: string; value: unknown; expected: string; cause?: unknown }) {
    super(`tokenizer.json: ${facts.path} must be ${facts.expected}, got ${describe(facts.value)}`, {
      cause: facts.cause,
    })
    this.path = facts.path
    this.value = facts.value
    this.expected = facts.expected
  }
}
