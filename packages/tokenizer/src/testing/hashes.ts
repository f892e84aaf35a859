/** Short hashes of lists, as `short_hash` of tooling/fixtures/tokenizer/make_vocabularies.py makes them. Tests only. */
import { createHash } from 'node:crypto'

/** Bytes of a hash; here they are in hexadecimal. */
export const HASH_BYTES = 4

const utf8 = new TextEncoder()

/** The beginning of a sha256 over items, each with its length before it. */
function shortHash(items: readonly Uint8Array[]): string {
  const digest = createHash('sha256')
  const length = Buffer.alloc(4)
  for (const item of items) {
    length.writeUInt32LE(item.length)
    digest.update(length).update(item)
  }
  return digest.digest('hex').slice(0, 2 * HASH_BYTES)
}

export function hashIds(lists: readonly (readonly number[])[]): string {
  return shortHash(lists.map((ids) => new Uint8Array(Uint32Array.from(ids).buffer)))
}

export function hashTexts(texts: readonly string[]): string {
  return shortHash(texts.map((text) => utf8.encode(text)))
}
