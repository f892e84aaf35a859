/** BPE over the bytes of pieces (GPT-2, Llama 3, DeepSeek): the fast one, where ByteLevel stands on both sides of it. */

import { UnsupportedTokenizerError } from '../errors.ts'
import { asBoolean, type JsonObject } from '../json.ts'
import { BYTE_CHARACTERS, textOfBytes } from '../pipeline/byte-level.ts'
import type { IdBuffer } from './id-buffer.ts'
import { asMerges, MergeTable } from './merge-table.ts'
import { mergeWord } from './merge-word.ts'
import type { Model } from './model.ts'
import { TextBpe } from './text-bpe.ts'
import { readVocab, sizeOfVocab, tokenLookup } from './vocabulary.ts'
import { LONGEST_WORD, WordCache } from './word-cache.ts'

/** In place of an id. */
const UNKNOWN = -1

export class ByteBpe implements Model {
  readonly takesBytes = true
  readonly vocab: ReadonlyMap<string, number>
  readonly size: number
  readonly #merges: MergeTable
  readonly #byteIds: Int32Array
  readonly #ignoreMerges: boolean
  /** For words with a byte that has no token (SmolLM2 lacks some); null if all 256 have one, so that nothing is unknown. */
  readonly #withUnknown: TextBpe | null
  readonly tokenOf: (id: number) => string | undefined
  readonly #cache = new WordCache()
  /** The bytes of a word, and their ids in place. */
  #scratch: Int32Array = new Int32Array(1024)

  constructor(model: JsonObject) {
    if (model.dropout != null && model.dropout !== 0)
      throw new UnsupportedTokenizerError({ path: 'model.dropout', value: model.dropout, expected: 'null' })
    this.vocab = readVocab(model.vocab)
    this.size = sizeOfVocab(this.vocab)
    this.tokenOf = tokenLookup(this.vocab)
    this.#byteIds = Int32Array.from(BYTE_CHARACTERS, (character) => this.vocab.get(character) ?? UNKNOWN)
    this.#withUnknown = this.#byteIds.includes(UNKNOWN) ? new TextBpe(model) : null
    this.#merges = new MergeTable(asMerges(model.merges), this.vocab)
    this.#ignoreMerges = asBoolean(model.ignore_merges, 'model.ignore_merges', false)
  }

  /** Appends the ids of one pre-token. */
  encodeWord(word: string, out: IdBuffer): void {
    const units = new Uint16Array(word.length)
    for (let i = 0; i < units.length; i++) units[i] = word.charCodeAt(i)
    this.encodeUnits(units, 0, units.length, out)
  }

  encodeUnits(units: Uint16Array, from: number, to: number, out: IdBuffer): void {
    if (to - from > LONGEST_WORD) {
      const count = this.#merge(units, from, to)
      out.append(this.#scratch, 0, count)
      return
    }
    const cache = this.#cache
    const hash = cache.hash(units, from, to)
    if (cache.find(hash, units, from, to)) {
      out.append(cache.ids, cache.start, cache.end)
      return
    }
    const count = this.#merge(units, from, to)
    cache.add(hash, units, from, to, this.#scratch, count)
    out.append(this.#scratch, 0, count)
  }

  /** @returns how many ids there are at the front of the scratch */
  #merge(units: Uint16Array, from: number, to: number): number {
    // Three bytes of UTF-8 for a unit at most.
    if (this.#scratch.length < 3 * (to - from)) this.#scratch = new Int32Array(4 * (to - from))
    const scratch = this.#scratch
    const length = writeUtf8(units, from, to, scratch)
    if (this.#withUnknown !== null || this.#ignoreMerges) {
      const bytes = scratch.subarray(0, length)
      if (this.#withUnknown !== null && bytes.some((byte) => this.#byteIds[byte] === UNKNOWN)) {
        const ids = this.#withUnknown.idsOf(textOfBytes(bytes))
        this.#scratch = Int32Array.from(ids)
        return ids.length
      }
      const whole = this.#ignoreMerges ? this.vocab.get(textOfBytes(bytes)) : undefined
      if (whole !== undefined) {
        scratch[0] = whole
        return 1
      }
    }
    for (let i = 0; i < length; i++) scratch[i] = this.#byteIds[scratch[i]!]!
    return mergeWord(scratch, this.#merges, length)
  }
}

/** Writes the bytes of well-formed text. @returns how many */
function writeUtf8(units: Uint16Array, from: number, to: number, out: Int32Array): number {
  let length = 0
  for (let at = from; at < to; at++) {
    const unit = units[at]!
    if (unit < 0x80) {
      out[length++] = unit
      continue
    }
    if (unit < 0x800) out[length++] = 0xc0 | (unit >> 6)
    else if (unit < 0xd800 || unit >= 0xe000) {
      out[length++] = 0xe0 | (unit >> 12)
      out[length++] = 0x80 | ((unit >> 6) & 0x3f)
    } else {
      const code = 0x10000 + ((unit & 0x3ff) << 10) + (units[++at]! & 0x3ff)
      out[length++] = 0xf0 | (code >> 18)
      out[length++] = 0x80 | ((code >> 12) & 0x3f)
      out[length++] = 0x80 | ((code >> 6) & 0x3f)
      out[length++] = 0x80 | (code & 0x3f)
      continue
    }
    out[length++] = 0x80 | (unit & 0x3f)
  }
  return length
}
