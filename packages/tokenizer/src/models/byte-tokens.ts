/** The tokens `<0x00>` to `<0xFF>`, which stand for single bytes where a character has no token. */
const utf8 = new TextEncoder()

/** The id of each byte's token, -1 where there is none. */
export function byteTokenIds(vocab: ReadonlyMap<string, number>): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    const digits = byte.toString(16).toUpperCase().padStart(2, '0')
    return vocab.get(`<0x${digits}>`) ?? -1
  })
}

/** Appends the ids of the bytes of `text`, or nothing if one of them has no token. @returns whether all have */
export function pushBytes(text: string, byteIds: Int32Array, out: { push(id: number): unknown }): boolean {
  const bytes = utf8.encode(text)
  if (bytes.some((byte) => byteIds[byte]! < 0)) return false
  for (const byte of bytes) out.push(byteIds[byte]!)
  return true
}
