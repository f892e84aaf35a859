/** Unigram (T5, XLM-R): of all ways to cut a piece into tokens, the one whose scores add up to most. */
import { UnsupportedTokenizerError } from '../errors.ts'
import { asArray, asBoolean, asString, type JsonObject } from '../json.ts'
import { byteTokenIds, pushBytes } from './byte-tokens.ts'
import type { IdBuffer } from './id-buffer.ts'
import type { Model } from './model.ts'
import { VocabularyTrie } from './vocabulary-trie.ts'

/** An unknown character scores so much less than the worst token. */
const UNKNOWN_PENALTY = 10

export class Unigram implements Model {
  readonly vocab: ReadonlyMap<string, number>
  readonly takesBytes = false
  readonly tokens: readonly string[]
  readonly size: number
  readonly #scores: Float64Array
  readonly #unknown: number
  readonly #unknownScore: number
  readonly #byteIds: Int32Array | null
  readonly #trie: VocabularyTrie

  constructor(model: JsonObject) {
    const entries = asArray(model.vocab, 'model.vocab').map(readEntry)
    this.tokens = entries.map(([token]) => token)
    this.size = entries.length
    this.#scores = Float64Array.from(entries, ([, score]) => score)
    this.vocab = new Map(this.tokens.map((token, id) => [token, id]))
    const unknown = model.unk_id
    if (typeof unknown !== 'number' || this.tokens[unknown] === undefined) {
      // Without one the Rust library fails at the first character that has no token.
      throw new UnsupportedTokenizerError({
        path: 'model.unk_id',
        value: unknown,
        expected: 'an id of the vocabulary',
      })
    }
    this.#unknown = unknown
    this.#unknownScore = this.#scores.reduce((a, b) => Math.min(a, b), Infinity) - UNKNOWN_PENALTY
    const fallsBack = asBoolean(model.byte_fallback, 'model.byte_fallback', false)
    this.#byteIds = fallsBack ? byteTokenIds(this.vocab) : null
    this.#trie = new VocabularyTrie(this.vocab)
  }

  tokenOf(id: number): string | undefined {
    return this.tokens[id]
  }

  /**
   * Viterbi over the places of the word: at most the length of the longest token steps from each. Neighbouring unknown
   * characters become one.
   */
  encodeWord(word: string, out: IdBuffer): void {
    const { begins, ids } = this.#bestPath(word)
    const cuts: number[] = []
    let unknownEnd = -1
    for (let end = word.length; end > 0; end = begins[end]!) {
      if (ids[end] === this.#unknown) {
        if (unknownEnd < 0) unknownEnd = end
        continue
      }
      if (unknownEnd >= 0) cuts.push(unknownEnd)
      unknownEnd = -1
      cuts.push(end)
    }
    if (unknownEnd >= 0) cuts.push(unknownEnd)
    let start = 0
    for (let i = cuts.length - 1; i >= 0; i--) {
      this.#pushToken(word.slice(start, cuts[i]!), out)
      start = cuts[i]!
    }
  }

  /** For every place that a path reaches: where its last token begins, and the token. */
  #bestPath(word: string): { begins: Int32Array; ids: Int32Array } {
    const length = word.length
    const begins = new Int32Array(length + 1).fill(-1)
    const ids = new Int32Array(length + 1)
    const scores = new Float64Array(length + 1)
    const offer = (start: number, end: number, id: number, score: number): void => {
      // Of equals the first, which is the longest.
      if (begins[end]! >= 0 && score <= scores[end]!) return
      begins[end] = start
      ids[end] = id
      scores[end] = score
    }
    for (let start = 0; start < length; ) {
      const next = start + (word.codePointAt(start)! > 0xffff ? 2 : 1)
      let hasCharacter = false
      let node = this.#trie.step(0, word.charCodeAt(start))
      for (let end = start + 1; node >= 0; end++) {
        const id = this.#trie.value(node)
        if (id >= 0) {
          offer(start, end, id, this.#scores[id]! + scores[start]!)
          if (end === next) hasCharacter = true
        }
        if (end === length) break
        node = this.#trie.step(node, word.charCodeAt(end))
      }
      if (!hasCharacter) offer(start, next, this.#unknown, this.#unknownScore + scores[start]!)
      start = next
    }
    return { begins, ids }
  }

  /** A run of unknown characters may happen to be a token as a whole. */
  #pushToken(text: string, out: IdBuffer): void {
    const id = this.vocab.get(text)
    if (id !== undefined) out.push(id)
    else if (this.#byteIds === null || !pushBytes(text, this.#byteIds, out)) out.push(this.#unknown)
  }
}

function readEntry(entry: unknown, index: number): readonly [string, number] {
  const path = `model.vocab[${index}]`
  const [token, score] = asArray(entry, path)
  if (typeof score !== 'number') {
    throw new UnsupportedTokenizerError({ path: `${path}[1]`, value: score, expected: 'a number' })
  }
  return [asString(token, `${path}[0]`), score]
}
