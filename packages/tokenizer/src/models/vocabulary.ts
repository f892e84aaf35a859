/** The vocabulary of BPE and WordPiece models: an object of tokens and ids. */

import { TokenTable } from '../cache/token-table.ts'
import { UnsupportedTokenizerError } from '../errors.ts'
import { asObject, ID_RANGE, isId } from '../json.ts'

/** Token to id; every id belongs to one token. */
export function readVocab(json: unknown): ReadonlyMap<string, number> {
  if (json instanceof TokenTable) return json
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

/** One more than the largest id. */
export function sizeOfVocab(vocab: ReadonlyMap<string, number>): number {
  if (vocab instanceof TokenTable) return vocab.idLimit
  let size = 0
  for (const id of vocab.values()) size = Math.max(size, id + 1)
  return size
}

/** Finds the token of an id. */
export function tokenLookup(vocab: ReadonlyMap<string, number>): (id: number) => string | undefined {
  if (vocab instanceof TokenTable) return (id) => vocab.tokenOf(id)
  const tokens = new Array<string | undefined>(sizeOfVocab(vocab)).fill(undefined)
  for (const [token, id] of vocab) tokens[id] = token
  return (id) => tokens[id]
}

/** The id of a token that the model names, such as `unk_token`; null if it names none. */
export function idOfNamed(value: unknown, path: string, vocab: ReadonlyMap<string, number>): number | null {
  if (value == null) return null
  const id = typeof value === 'string' ? vocab.get(value) : undefined
  if (id !== undefined) return id
  throw new UnsupportedTokenizerError({ path, value, expected: 'a token of the vocabulary, or null' })
}
