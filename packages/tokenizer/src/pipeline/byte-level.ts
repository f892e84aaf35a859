/**
 * The GPT-2 byte alphabet: tokenizer.json writes every byte of a token as one printable character. Bytes that are printable
 * in Latin-1 stand for themselves, the others are U+0100, U+0101... in order.
 */

function isPrintable(byte: number): boolean {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff)
}

/** The character of each byte, 256 entries. */
export const BYTE_CHARACTERS: readonly string[] = (() => {
  let next = 0x100
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++))
})()

/** The byte of each UTF-16 unit up to the last character of the alphabet; -1 where there is none. */
const BYTE_OF: Int16Array = (() => {
  const bytes = new Int16Array(0x144).fill(-1)
  for (const [byte, character] of BYTE_CHARACTERS.entries()) bytes[character.charCodeAt(0)] = byte
  return bytes
})()

/** Bytes written in the alphabet. */
export function textOfBytes(bytes: Iterable<number>): string {
  let text = ''
  for (const byte of bytes) text += BYTE_CHARACTERS[byte]!
  return text
}

const utf8 = new TextEncoder()

/**
 * The bytes that a token decodes to. A token with any character outside the alphabet, which only added tokens have, stands
 * for its own UTF-8 text as a whole (so does the Rust `ByteLevel` decoder).
 */
export function tokenBytes(token: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(token.length)
  for (let i = 0; i < token.length; i++) {
    const byte = BYTE_OF[token.charCodeAt(i)] ?? -1
    if (byte < 0) return utf8.encode(token)
    bytes[i] = byte
  }
  return bytes
}
