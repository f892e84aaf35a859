/** The BPE model of tokenizer.json (`model`): pre-tokens to ids. */
import { BYTE_CHARACTERS } from './byte-level.ts'
import { UnsupportedTokenizerError } from './errors.ts'
import { asArray, asBoolean, asObject, asOneOf, ID_RANGE, isId } from './json.ts'
import { MergeTable } from './merge-table.ts'
import { mergeWord } from './merge-word.ts'

/** Pre-tokens up to this many UTF-16 units are remembered, and at most so many of them. */
const CACHED_LENGTH = 64
const CACHED_WORDS = 20_000

const utf8 = new TextEncoder()

export class BpeModel {
  readonly vocab: ReadonlyMap<string, number>
  readonly #merges: MergeTable
  readonly #byteIds: Int32Array
  readonly #ignoreMerges: boolean
  readonly #cache = new Map<string, readonly number[]>()

  constructor(json: unknown) {
    const model = asObject(json, 'model')
    asOneOf(model.type ?? 'BPE', 'model.type', ['BPE'])
    for (const key of ['dropout', 'continuing_subword_prefix', 'end_of_word_suffix'] as const) {
      const value = model[key]
      if (value != null && value !== '' && value !== 0) {
        throw new UnsupportedTokenizerError({ path: `model.${key}`, value, expected: 'null' })
      }
    }
    this.vocab = readVocab(model.vocab)
    // With all 256 bytes in the vocabulary nothing is unknown, so `unk_token` and `byte_fallback` never matter.
    this.#byteIds = Int32Array.from(BYTE_CHARACTERS, (character, byte) => {
      const id = this.vocab.get(character)
      if (id !== undefined) return id
      const expected = `a byte-level vocabulary, with a token for byte ${byte}`
      throw new UnsupportedTokenizerError({ path: 'model.vocab', value: undefined, expected })
    })
    this.#merges = new MergeTable(asArray(model.merges, 'model.merges'), this.vocab)
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

function readVocab(json: unknown): Map<string, number> {
  const vocab = new Map<string, number>()
  const tokenOf: string[] = []
  for (const [token, value] of Object.entries(asObject(json, 'model.vocab'))) {
    if (!isId(value) || tokenOf[value] !== undefined) {
      const expected = isId(value) ? `an id of its own (${JSON.stringify(tokenOf[value])} has it)` : ID_RANGE
      throw new UnsupportedTokenizerError({ path: `model.vocab[${JSON.stringify(token)}]`, value, expected })
    }
    vocab.set(token, value)
    tokenOf[value] = token
  }
  return vocab
}
