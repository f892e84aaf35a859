/** A model of tokenizer.json: pieces of text to ids. */
export interface Model {
  /** The token of each id, spelled as in the file; holes where there is none. */
  readonly tokens: readonly (string | undefined)[]
  readonly vocab: ReadonlyMap<string, number>
  /** Pieces are taken as they are, instead of with their bytes written as the characters of `ByteLevel`. */
  readonly takesBytes: boolean
  /** Appends the ids of one piece, which is well-formed text. */
  encodeWord(word: string, out: number[]): void
}
