/** What can be wrong with files and arguments of a tokenizer, as facts. */
import { describe } from './describe.ts'

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

/** An entry of `Tokenizer.fromFiles` that is missing, no JSON, or has a value of another kind than is expected. */
export class TokenizerFileError extends Error {
  override readonly name = 'TokenizerFileError'
  /** The entry, such as `tokenizer_config.json`. */
  readonly file: string
  readonly expected: string
  readonly value: unknown
  constructor(facts: { file: string; expected: string; value: unknown; cause?: unknown }) {
    super(`${facts.file} must be ${facts.expected}, got ${describe(facts.value)}`, { cause: facts.cause })
    this.file = facts.file
    this.expected = facts.expected
    this.value = facts.value
  }
}

/** An option of a tokenizer's method that is out of its range. */
export class TokenizerOptionError extends Error {
  override readonly name = 'TokenizerOptionError'
  readonly option: string
  readonly expected: string
  readonly value: unknown
  constructor(facts: { option: string; expected: string; value: unknown }) {
    super(`${facts.option} must be ${facts.expected}, got ${describe(facts.value)}`)
    this.option = facts.option
    this.expected = facts.expected
    this.value = facts.value
  }
}

/** Offsets of a tokenizer whose tokens cannot be traced back to the text: use `encode`. */
export class OffsetsUnavailableError extends Error {
  override readonly name = 'OffsetsUnavailableError'
  /** The step of tokenizer.json that changes the text, such as `normalizer.type`. */
  readonly path: string
  readonly reason: string
  constructor(path: string, reason: string) {
    super(
      `offsets are not available for this tokenizer, because of ${path}: ${reason}; use encode for ids alone`,
    )
    this.path = path
    this.reason = reason
  }
}

/** A GGUF file without a vocabulary that this reader can follow exactly: a faulty one, or one of another kind. */
export class GgufVocabularyError extends Error {
  override readonly name = 'GgufVocabularyError'
  /** The key of the metadata, such as `tokenizer.ggml.pre`. */
  readonly key: string
  readonly expected: string
  readonly value: unknown

  constructor(facts: { key: string; expected: string; value: unknown }) {
    super(`GGUF metadata: ${facts.key} must be ${facts.expected}, got ${describe(facts.value)}`)
    this.key = facts.key
    this.expected = facts.expected
    this.value = facts.value
  }
}

/** Bytes that are no tokenizer cache, of another version, cut off or damaged. Make them again with `toBytes`. */
export class TokenizerCacheError extends Error {
  override readonly name = 'TokenizerCacheError'
  /** Where in the bytes. */
  readonly offset: number
  readonly expected: string
  constructor(offset: number, expected: string) {
    super(`tokenizer cache, byte ${offset}: expected ${expected}; make it again with toBytes()`)
    this.offset = offset
    this.expected = expected
  }
}
