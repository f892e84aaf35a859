/** BPE over characters (Llama 2, Gemma), with byte fallback and the marks of subwords. */
import { UnsupportedTokenizerError } from '../errors.ts'
import { asBoolean, asString, type JsonObject } from '../json.ts'
import { byteTokenIds, pushBytes } from './byte-tokens.ts'
import type { IdBuffer } from './id-buffer.ts'
import { asMerges, MergeTable } from './merge-table.ts'
import { mergeWord } from './merge-word.ts'
import type { Model } from './model.ts'
import { idOfNamed, readVocab, sizeOfVocab, tokenLookup } from './vocabulary.ts'

export class TextBpe implements Model {
  readonly vocab: ReadonlyMap<string, number>
  readonly takesBytes = false
  readonly size: number
  readonly tokenOf: (id: number) => string | undefined
  readonly #merges: MergeTable
  readonly #byteIds: Int32Array | null
  readonly #unknown: number | null
  readonly #fuseUnknown: boolean
  readonly #ignoreMerges: boolean
  readonly #prefix: string
  readonly #suffix: string

  constructor(model: JsonObject) {
    if (model.dropout != null && model.dropout !== 0) {
      throw new UnsupportedTokenizerError({ path: 'model.dropout', value: model.dropout, expected: 'null' })
    }
    this.vocab = readVocab(model.vocab)
    this.size = sizeOfVocab(this.vocab)
    this.tokenOf = tokenLookup(this.vocab)
    this.#prefix = asString(model.continuing_subword_prefix ?? '', 'model.continuing_subword_prefix')
    this.#suffix = asString(model.end_of_word_suffix ?? '', 'model.end_of_word_suffix')
    this.#merges = new MergeTable(asMerges(model.merges), this.vocab, this.#prefix)
    const fallsBack = asBoolean(model.byte_fallback, 'model.byte_fallback', false)
    this.#byteIds = fallsBack ? byteTokenIds(this.vocab) : null
    this.#unknown = idOfNamed(model.unk_token, 'model.unk_token', this.vocab)
    this.#fuseUnknown = asBoolean(model.fuse_unk, 'model.fuse_unk', false)
    this.#ignoreMerges = asBoolean(model.ignore_merges, 'model.ignore_merges', false)
  }

  encodeWord(word: string, out: IdBuffer): void {
    const ids = this.idsOf(word)
    out.append(ids, 0, ids.length)
  }

  idsOf(word: string): Int32Array {
    const whole = this.#ignoreMerges ? this.vocab.get(word) : undefined
    if (whole !== undefined) return Int32Array.of(whole)
    const ids = Int32Array.from(this.#characterIds(word))
    return ids.subarray(0, mergeWord(ids, this.#merges))
  }

  /**
   * The ids before any merge. As in the Rust library, an unknown character is written when the next known one comes, and
   * bytes are not known characters: they overtake it. Without `unk_token`, what is unknown is left out.
   */
  #characterIds(word: string): number[] {
    const ids: number[] = []
    let pending = false
    let at = 0
    for (const character of word) {
      const isFirst = at === 0
      at += character.length
      const text = (isFirst ? '' : this.#prefix) + character + (at === word.length ? this.#suffix : '')
      const id = this.vocab.get(text)
      if (id !== undefined) {
        if (pending) ids.push(this.#unknown!)
        pending = false
        ids.push(id)
      } else if (this.#byteIds === null || !pushBytes(text, this.#byteIds, ids)) {
        if (this.#unknown === null) continue
        if (pending && !this.#fuseUnknown) ids.push(this.#unknown)
        pending = true
      }
    }
    if (pending) ids.push(this.#unknown!)
    return ids
  }
}
