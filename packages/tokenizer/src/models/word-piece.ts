/** WordPiece (BERT): the longest token first, then the longest that continues it, and so on. */
import { UnsupportedTokenizerError } from '../errors.ts'
import { asString, type JsonObject } from '../json.ts'
import type { IdBuffer } from './id-buffer.ts'
import type { Model } from './model.ts'
import { idOfNamed, readVocab, sizeOfVocab, tokenLookup } from './vocabulary.ts'
import { VocabularyTrie } from './vocabulary-trie.ts'

export class WordPiece implements Model {
  readonly vocab: ReadonlyMap<string, number>
  readonly takesBytes = false
  readonly tokenOf: (id: number) => string | undefined
  readonly size: number
  readonly #unknown: number
  readonly #longestWord: number
  readonly #trie: VocabularyTrie
  /** Where in the trie the tokens that continue a word begin; -1 if there are none. */
  readonly #continuing: number

  constructor(model: JsonObject) {
    this.vocab = readVocab(model.vocab)
    this.size = sizeOfVocab(this.vocab)
    this.tokenOf = tokenLookup(this.vocab)
    const unknown = idOfNamed(model.unk_token ?? '[UNK]', 'model.unk_token', this.vocab)
    this.#unknown = unknown ?? -1
    const longest = model.max_input_chars_per_word ?? 100
    if (typeof longest !== 'number' || !Number.isInteger(longest) || longest < 0) {
      const path = 'model.max_input_chars_per_word'
      throw new UnsupportedTokenizerError({ path, value: longest, expected: 'an integer, 0 or more' })
    }
    this.#longestWord = longest
    this.#trie = new VocabularyTrie(this.vocab)
    const prefix = asString(model.continuing_subword_prefix ?? '##', 'model.continuing_subword_prefix')
    let node = 0
    for (let i = 0; i < prefix.length && node >= 0; i++) node = this.#trie.step(node, prefix.charCodeAt(i))
    this.#continuing = node
  }

  encodeWord(word: string, out: IdBuffer): void {
    const ids: number[] = []
    if (!this.#isTooLong(word)) {
      for (let start = 0; start < word.length; ) {
        const end = this.#longestToken(word, start, ids)
        if (end === start) break
        start = end
        if (start === word.length) {
          for (const id of ids) out.push(id)
          return
        }
      }
    }
    // One part without a token makes the whole word unknown.
    if (word !== '') out.push(this.#unknown)
  }

  /** Counts characters, not UTF-16 units; stops when it knows. */
  #isTooLong(word: string): boolean {
    if (word.length <= this.#longestWord) return false
    let count = 0
    for (const _ of word) if (++count > this.#longestWord) return true
    return false
  }

  /** Appends the id of the longest token at `start`. @returns its end, or `start` if there is none */
  #longestToken(word: string, start: number, ids: number[]): number {
    let node = start === 0 ? 0 : this.#continuing
    let best = -1
    let bestEnd = start
    for (let end = start; node >= 0 && end < word.length; ) {
      node = this.#trie.step(node, word.charCodeAt(end++))
      const value = node < 0 ? -1 : this.#trie.value(node)
      if (value >= 0) [best, bestEnd] = [value, end]
    }
    if (best >= 0) ids.push(best)
    return bestEnd
  }
}
