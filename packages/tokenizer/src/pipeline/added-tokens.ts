/** Added tokens: texts that are one token wherever they stand, found before anything else happens to the text. */
import { TokenTable } from '../cache/token-table.ts'
import { UnsupportedTokenizerError } from '../errors.ts'
import { asArray, asBoolean, asId, asObject, asString } from '../json.ts'
import { TokenTrie } from './token-trie.ts'

/** An entry of `added_tokens`. */
export interface AddedToken {
  readonly id: number
  readonly content: string
  /** Left out by `decode` with `skipSpecialTokens`. */
  readonly special: boolean
  /** Looked for after normalization instead of before. */
  readonly normalized: boolean
  /** Takes the white space on its left (right) into the token. */
  readonly lstrip: boolean
  readonly rstrip: boolean
  /** Not recognised directly beside a word character. */
  readonly singleWord: boolean
}

/** A part of a text: the id of an added token, or text between them. */
export type TextPart = number | string

/** Reads `added_tokens`; an entry that is in the vocabulary too must have the same id there. */
export function readAddedTokens(json: unknown, vocab: ReadonlyMap<string, number>): AddedToken[] {
  const tokens: AddedToken[] = []
  const inVocabulary = idTest(vocab)
  const taken = new Set<number>()
  const contents = new Set<string>()
  for (const [index, entry] of asArray(json ?? [], 'added_tokens').entries()) {
    const path = `added_tokens[${index}]`
    const token = asObject(entry, path)
    const id = asId(token.id, `${path}.id`)
    const content = asString(token.content, `${path}.content`)
    const known = vocab.get(content)
    const clashes = known === undefined ? taken.has(id) || inVocabulary(id) : known !== id
    if (content === '' || clashes || contents.has(content)) {
      const expected = 'a text of its own with an id of its own, or the same as in the vocabulary'
      throw new UnsupportedTokenizerError({ path, value: `${content} = ${id}`, expected })
    }
    contents.add(content)
    taken.add(id)
    const special = asBoolean(token.special, `${path}.special`, false)
    tokens.push({
      id,
      content,
      special,
      normalized: asBoolean(token.normalized, `${path}.normalized`, !special),
      lstrip: asBoolean(token.lstrip, `${path}.lstrip`, false),
      rstrip: asBoolean(token.rstrip, `${path}.rstrip`, false),
      singleWord: asBoolean(token.single_word, `${path}.single_word`, false),
    })
  }
  return tokens
}

/** Whether an id is in the vocabulary. */
function idTest(vocab: ReadonlyMap<string, number>): (id: number) => boolean {
  if (vocab instanceof TokenTable) return (id) => vocab.hasId(id)
  const ids = new Set(vocab.values())
  return (id) => ids.has(id)
}

/** Finds added tokens in two passes, as the Rust library does: before normalization, then in the normalized rest. */
export class AddedTokenSplitter {
  readonly #normalize: (text: string) => string
  readonly #raw: TokenTrie<AddedToken>
  readonly #normalized: TokenTrie<AddedToken>

  constructor(tokens: readonly AddedToken[], normalize: (text: string) => string) {
    this.#normalize = normalize
    const raw = tokens.filter((token) => !token.normalized)
    const normalized = tokens.filter((token) => token.normalized)
    this.#raw = new TokenTrie(raw.map((token) => [token.content, token]))
    this.#normalized = new TokenTrie(normalized.map((token) => [normalize(token.content), token]))
  }

  /** The parts of the text in order; text parts are normalized and not empty. */
  split(text: string): TextPart[] {
    return splitBy(text, this.#raw).flatMap((part) =>
      typeof part === 'number' ? [part] : splitBy(this.#normalize(part), this.#normalized),
    )
  }
}

const ENDS_IN_WORD = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u
const BEGINS_WITH_WORD = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u
const SPACE = /\p{White_Space}/u

function splitBy(text: string, trie: TokenTrie<AddedToken>): TextPart[] {
  const parts: TextPart[] = []
  let done = 0
  for (const { start, end, value: token } of trie.matches(text)) {
    if (token.singleWord && touchesWord(text, start, end)) continue
    let from = start
    let to = end
    if (token.lstrip) while (from > done && SPACE.test(text.charAt(from - 1))) from--
    if (token.rstrip) while (to < text.length && SPACE.test(text.charAt(to))) to++
    // White space that is a token itself may have gone into the one before it.
    if (token.lstrip && to <= done) continue
    if (from > done) parts.push(text.slice(done, from))
    parts.push(token.id)
    done = to
  }
  if (done < text.length) parts.push(text.slice(done))
  return parts
}

function touchesWord(text: string, start: number, end: number): boolean {
  // Two units are enough to hold the neighbouring character.
  return (
    ENDS_IN_WORD.test(text.slice(Math.max(0, start - 2), start)) ||
    BEGINS_WITH_WORD.test(text.slice(end, end + 2))
  )
}
