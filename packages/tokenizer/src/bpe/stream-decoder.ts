/** Ids to text one at a time. */

/** Turns ids into text as they come. What `push` and `finish` return concatenates to what `decode` gives for all ids. */
export interface StreamDecoder {
  /** The text that is certain after this id: whole characters only, and all of them that are complete. */
  push(id: number): string
  /** The rest: U+FFFD where a character remained incomplete. The decoder is then ready for another text. */
  finish(): string
}

const NO_BYTES: Uint8Array<ArrayBuffer> = new Uint8Array(0)

/**
 * UTF-8 to text, with U+FFFD for what is invalid. A byte order mark is text here and must not be swallowed.
 * Its type is written by way of the class: Node's types without those of the DOM have `TextDecoder` as a value only.
 */
export function newUtf8Decoder(): InstanceType<typeof TextDecoder> {
  return new TextDecoder('utf-8', { ignoreBOM: true })
}

/** @param bytesOf the bytes of an id; undefined for ids without text */
export function createStreamDecoder(
  bytesOf: (id: number) => Uint8Array<ArrayBuffer> | undefined,
): StreamDecoder {
  const utf8 = newUtf8Decoder()
  return {
    push: (id) => utf8.decode(bytesOf(id) ?? NO_BYTES, { stream: true }),
    finish: () => utf8.decode(NO_BYTES),
  }
}
