/** BPE over the bytes of pieces (GPT-2, Llama 3, DeepSeek): the fast one, where ByteLevel stands on both sides of it. */

import { UnsupportedTokenizerError } from '../errors.ts'
import { asBoolean, type JsonObject } from '../json.ts'
import { BYTE_CHARACTERS } from '../pipeline/byte-level.ts'
import { asMerges, MergeTable } from './merge-table.ts'
import { mergeWord } from './merge-word.ts'
import type { Model } from './model.ts'
import { readVocab, tokensById } from './vocabulary.ts'

/** Pre-tokens up to this many UTF-16 units are remembered, and at most so many of them. */
const CACHED_LENGTH = 64
const CACHED_WORDS = 20_000

const utf8 = new TextEncoder()

export class ByteBpe implements Model {
  readonly takesBytes = true
  readonly vocab: ReadonlyMap<string, number>
  readonly tokens: readonly (string | undefined)[]
  readonly #merges: MergeTable
  readonly #byteIds: Int32Array
  readonly #ignoreMerges: boolean
  readonly #cache = new Map<string, readonly number[]>()

  constructor(model: JsonObject) {
    if (model.dropout != null && model.dropout !== 0)
      throw new UnsupportedTokenizerError({ path: 'model.dropout', value: model.dropout, expected: 'null' })
    this.vocab = readVocab(model.vocab)
    this.tokens = tokensById(this.vocab)
    // With all 256 bytes in the vocabulary nothing is unknown, so `unk_token` and `byte_fallback` never matter.
    this.#byteIds = Int32Array.from(BYTE_CHARACTERS, (character, byte) => {
      const id = this.vocab.get(character)
      if (id !== undefined) return id
      const expected = `a byte-level vocabulary, with a token for byte ${byte}`
      throw new UnsupportedTokenizerError({ path: 'model.vocab', value: undefined, expected })
    })
    this.#merges = new MergeTable(asMerges(model.merges), this.vocab)
    this.#ignoreMerges = asBoolean(model.ignore_merges, 'model.ignore_merges', false)
  }

  /** Appends the ids of one pre-token. */
  encodeWord(word: string, out: number[]): void {
    const known = this.#cache.get(word)
    if (known !== undefined) {
      for (const id of known) out.push(id)
      return
    }
    const start = out.length
    this.#merge(word, out)
    if (word.length > CACHED_LENGTH) return
    if (this.#cache.size >= CACHED_WORDS) this.#cache.clear()
    this.#cache.set(word, out.slice(start))
  }

  #merge(word: string, out: number[]): void {
    const bytes = utf8.encode(word)
    if (this.#ignoreMerges) {
      const id = this.vocab.get(Array.from(bytes, (byte) => BYTE_CHARACTERS[byte]).join(''))
      if (id !== undefined) {
        out.push(id)
        return
      }
    }
    const ids = Int32Array.from(bytes, (byte) => this.#byteIds[byte]!)
    const count = mergeWord(ids, this.#merges)
    for (let i = 0; i < count; i++) out.push(ids[i]!)
  }
}
