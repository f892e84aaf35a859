/**
 * SentencePiece's table of replacements: a double-array trie over UTF-8 bytes, and the texts that its values point into.
 *
 * | bytes        | content                                             |
 * |--------------|-----------------------------------------------------|
 * | 4            | n, the size of the trie in bytes, little-endian     |
 * | n            | the units of the trie, 32 bits each                 |
 * | rest         | texts in UTF-8, each with a zero byte behind it     |
 *
 * A unit has the byte that leads to it in bits 0..7 (31 is set in values), whether a value follows in bit 8, and how far away
 * its children are in bits 10..30, times 256 if bit 9 is set; indices are combined with xor.
 */
import { UnsupportedTokenizerError } from '../errors.ts'
import { newUtf8Decoder } from './byte-decoder.ts'

const LABEL = 0x8000_00ff
const HAS_VALUE = 0x100
const VALUE = 0x7fff_ffff

export class Charsmap {
  readonly #units: Uint32Array
  readonly #texts: Uint8Array
  readonly #known = new Map<number, string>()
  readonly #bytes = new Uint8Array(8)

  /** @param base64 `precompiled_charsmap`, at `path` of the file */
  constructor(base64: string, path: string) {
    const bytes = fromBase64(base64, path)
    const view = new DataView(bytes.buffer)
    const size = bytes.length >= 4 ? view.getUint32(0, true) : -1
    if (size < 4 || size % 4 !== 0 || size > bytes.length - 4) {
      const expected = 'a table of replacements in base64, with the size of its trie in front'
      throw new UnsupportedTokenizerError({ path, value: `${bytes.length} bytes`, expected })
    }
    this.#units = Uint32Array.from({ length: size / 4 }, (_, i) => view.getUint32(4 + 4 * i, true))
    this.#texts = bytes.subarray(4 + size)
  }

  /** What stands for `text`, of at most 8 bytes; of the entries that it begins with the shortest. */
  replacement(text: string): string | undefined {
    const { written } = utf8.encodeInto(text, this.#bytes)
    const units = this.#units
    let at = offsetOf(units[0]!)
    for (let i = 0; i < written; i++) {
      const byte = this.#bytes[i]!
      if (byte === 0) return undefined
      at ^= byte
      // Outside a damaged trie: a unit that matches nothing.
      const unit = units[at] ?? 0
      if ((unit & LABEL) !== byte) return undefined
      at ^= offsetOf(unit)
      if ((unit & HAS_VALUE) !== 0) return this.#textAt((units[at] ?? 0) & VALUE)
    }
    return undefined
  }

  #textAt(start: number): string {
    const known = this.#known.get(start)
    if (known !== undefined) return known
    const end = this.#texts.indexOf(0, start)
    const text = newUtf8Decoder().decode(this.#texts.subarray(start, end < 0 ? undefined : end))
    this.#known.set(start, text)
    return text
  }
}

const utf8 = new TextEncoder()

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6)
}

function fromBase64(base64: string, path: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  } catch (cause) {
    throw new UnsupportedTokenizerError({ path, value: base64, expected: 'base64', cause })
  }
}
