/** Ids to text one at a time, for a text that is shown while it is made. */
import type { DecodeOptions, IdDecoder, TextCodec } from '../pipeline/types.ts'

/**
 * Turns ids into text as they come. What `push` and `finish` return concatenates to what `decode` gives for all ids. `push`
 * never gives a part of a character, and gives at once all text that no later id can change.
 */
export class StreamDecoder implements IdDecoder {
  readonly #decoder: IdDecoder

  constructor(tokenizer: Pick<TextCodec, 'streamDecoder'>, options: DecodeOptions = {}) {
    this.#decoder = tokenizer.streamDecoder(options)
  }

  /** The text that is certain after this id. */
  push(id: number): string {
    return this.#decoder.push(id)
  }

  /** The rest: U+FFFD where a character remained incomplete. The decoder is then ready for another text. */
  finish(): string {
    return this.#decoder.finish()
  }
}
