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

const BYTE_OF: ReadonlyMap<string, number> = new Map(
  BYTE_CHARACTERS.map((character, byte) => [character, byte]),
)

const utf8 = new TextEncoder()

/**
 * The bytes that a token decodes to. A token with any character outside the alphabet, which only added tokens have, stands
 * for its own UTF-8 text as a whole (so does the Rust `ByteLevel` decoder).
 */
export function tokenBytes(token: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(token.length)
  for (let i = 0; i < token.length; i++) {
    const byte = BYTE_OF.get(token.charAt(i))
    if (byte === undefined) return utf8.encode(token)
    bytes[i] = byte
  }
  return bytes
}
