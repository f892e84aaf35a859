/** A model of tokenizer.json: pieces of text to ids. */
import type { IdBuffer } from './id-buffer.ts'

export interface Model {
  /** The token of an id, spelled as in the file. */
  tokenOf(id: number): string | undefined
  /** One more than the largest id. */
  readonly size: number
  readonly vocab: ReadonlyMap<string, number>
  /** Pieces are taken as they are, instead of with their bytes written as the characters of `ByteLevel`. */
  readonly takesBytes: boolean
  /** Appends the ids of one piece, which is well-formed text. */
  encodeWord(word: string, out: IdBuffer): void
  /** The same for `units[from]` to `units[to - 1]`, UTF-16 units: quicker, where a model has it. */
  encodeUnits?(units: Uint16Array, from: number, to: number, out: IdBuffer): void
}
