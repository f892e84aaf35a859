/** Words of a text, for an index: normalized, with their places. */

export interface Term {
  readonly term: string
  /** Offsets into the text, in UTF-16 units. */
  readonly start: number
  readonly end: number
}

/** Scripts that write no spaces between words, or glue much to them: found by pairs of characters. */
const dense = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}ー'
const word = new RegExp(`[${dense}]+|(?:(?![${dense}])[\\p{L}\\p{N}\\p{M}])+`, 'gu')
const isDense = new RegExp(`^[${dense}]`, 'u')

/** Compatibility forms (full width, ligatures) and case do not matter. */
const normalize = (text: string): string => text.normalize('NFKC').toLowerCase()

/**
 * The words, and from Chinese, Japanese and Korean runs the pairs of neighbouring characters: `北京市` gives `北京` and
 * `京市`. For an `index` also each single character, so that a query of one character finds something.
 */
export function* termsOf(text: string, purpose: 'index' | 'query'): Generator<Term> {
  for (const { 0: found, index } of text.matchAll(word)) {
    if (!isDense.test(found)) {
      yield { term: normalize(found), start: index, end: index + found.length }
      continue
    }
    const characters = [...found]
    let start = index
    for (const [place, character] of characters.entries()) {
      const end = start + character.length
      const next = characters[place + 1]
      if (purpose === 'index' || characters.length === 1) yield { term: normalize(character), start, end }
      if (next !== undefined) yield { term: normalize(character + next), start, end: end + next.length }
      start = end
    }
  }
}
