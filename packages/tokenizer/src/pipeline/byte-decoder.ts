/**
 * UTF-8 to text, with U+FFFD for what is invalid. A byte order mark is text here and must not be swallowed.
 * Its type is written by way of the class: Node's types without those of the DOM have `TextDecoder` as a value only.
 */
export function newUtf8Decoder(): InstanceType<typeof TextDecoder> {
  return new TextDecoder('utf-8', { ignoreBOM: true })
}
