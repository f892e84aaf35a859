/** What can be done with a tokenizer.json: the part of `Tokenizer` that the file alone defines. */
import type { AddedToken } from './added-tokens.ts'

export interface EncodeOptions {
  /**
   * Which added tokens count where the text contains them: all (true), only those flagged special ('special'), or none
   * (false: right for untrusted text, which then cannot contain a control token). Default true, as in the Rust library.
   */
  readonly addedTokens?: boolean | 'special' | undefined
  /** Add the begin and end tokens that the post-processor names. Default false. */
  readonly addSpecialTokens?: boolean | undefined
}

export interface DecodeOptions {
  /** Leave out tokens flagged special. DeepSeek's role, think and tool markers are not. Default false. */
  readonly skipSpecialTokens?: boolean | undefined
}

/** Turns ids into text as they come. What `push` and `finish` return concatenates to what `decode` gives for all ids. */
export interface IdDecoder {
  /** The text that is certain after this id: whole characters only, and all of them that are complete. */
  push(id: number): string
  /** The rest: U+FFFD where a character remained incomplete. The decoder is then ready for another text. */
  finish(): string
}

export interface TextCodec {
  /** One more than the largest id. */
  readonly size: number
  /** All added tokens, in the order of the file. */
  readonly addedTokens: readonly AddedToken[]
  /**
   * Text to ids. No begin or end token is added unless asked for (Rust: `add_special_tokens=False`). Lone surrogates count
   * as U+FFFD. Time grows as n log n at worst, also for text without spaces.
   */
  encode(text: string, options?: EncodeOptions): number[]
  /** How many ids `encode` would give. */
  count(text: string, options?: EncodeOptions): number
  /** Ids to text; invalid UTF-8 becomes U+FFFD, ids that have no token become nothing. */
  decode(ids: Iterable<number>, options?: DecodeOptions): string
  /** Decodes ids one at a time. */
  streamDecoder(options?: DecodeOptions): IdDecoder
  /** The id of a token spelled as in tokenizer.json (`Ġthe`, `<think>`). */
  idOf(token: string): number | undefined
  /** The token of an id, spelled as in tokenizer.json. */
  tokenOf(id: number): string | undefined
  /** The bytes that an id decodes to in the middle of a text; possibly only a part of a character. */
  bytesOf(id: number): Uint8Array | undefined
}
