/** `text`, or as much of its beginning as `bytes` of UTF-8 hold; never half a character. */
export function cutText(
  text: string,
  bytes: number,
): { readonly text: string; readonly bytes: number; readonly cut: boolean } {
  // A character takes at least one byte, so that no more than `bytes` of them have to be looked at.
  const head = text.length > bytes ? text.slice(0, bytes) : text
  const { read, written } = new TextEncoder().encodeInto(head, new Uint8Array(bytes))
  const cut = read < text.length
  return { text: cut ? text.slice(0, read) : text, bytes: written, cut }
}
