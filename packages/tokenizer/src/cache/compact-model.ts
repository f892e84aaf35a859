/** The two large parts of a BPE model, vocabulary and merges, in flat arrays instead of JSON. */
import { isId } from '../json.ts'
import { TokenTable } from './token-table.ts'

/** Merges as ids, best first: three numbers each, left, right, and what they make. */
export class PackedMerges {
  readonly ids: Uint32Array
  /** The rank of each merge where some have equal ones; null: their order. */
  readonly ranks: Uint32Array | null
  constructor(ids: Uint32Array, ranks: Uint32Array | null = null) {
    this.ids = ids
    this.ranks = ranks
  }
  get length(): number {
    return this.ids.length / 3
  }
}

type Json = Readonly<Record<string, unknown>>

/**
 * A tokenizer.json whose BPE model has a `TokenTable` as `vocab` and `PackedMerges` as `merges`. Anything unusual, faults
 * included, is given back as it is: the reader of JSON says what is wrong, and where.
 */
export function compactModel(json: unknown): unknown {
  const model = isRecord(json) ? json.model : undefined
  if (!isRecord(json) || !isRecord(model) || (model.type ?? 'BPE') !== 'BPE') return json
  if (!isRecord(model.vocab) || !Array.isArray(model.merges) || model.continuing_subword_prefix) return json
  const vocab = packVocabulary(model.vocab)
  const merges = vocab && packMerges(model.merges as unknown[], vocab)
  return merges === undefined ? json : { ...json, model: { ...model, vocab, merges } }
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function packVocabulary(vocab: Json): TokenTable | undefined {
  // In order of ids, as most files have them.
  const tokens = Object.keys(vocab)
  const idOf = (token: string): number => vocab[token] as number
  if (tokens.some((token) => !isId(vocab[token]))) return undefined
  if (tokens.some((token, i) => i > 0 && idOf(token) < idOf(tokens[i - 1]!))) {
    tokens.sort((a, b) => idOf(a) - idOf(b))
  }
  const starts = new Uint32Array(tokens.length + 1)
  const ids = new Uint32Array(tokens.length)
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!
    const id = idOf(token)
    if (i > 0 && id === ids[i - 1]) return undefined
    ids[i] = id
    starts[i + 1] = starts[i]! + token.length
  }
  return new TokenTable(tokens.join(''), starts, ids)
}

function packMerges(merges: readonly unknown[], vocab: TokenTable): PackedMerges | undefined {
  const ids = new Uint32Array(3 * merges.length)
  for (let rank = 0; rank < merges.length; rank++) {
    const merge = merges[rank]
    let text: string
    let middle: number
    let right: number
    if (typeof merge === 'string') {
      text = merge
      middle = merge.indexOf(' ')
      right = middle + 1
      if (middle <= 0 || merge.indexOf(' ', right) >= 0) return undefined
    } else {
      if (!Array.isArray(merge) || merge.length !== 2) return undefined
      const [first, second] = merge as unknown[]
      if (typeof first !== 'string' || typeof second !== 'string') return undefined
      text = first + second
      middle = first.length
      right = middle
    }
    const leftId = vocab.find(text, 0, middle)
    const rightId = vocab.find(text, right, text.length)
    const mergedId = vocab.find(text, 0, middle, right, text.length)
    if (leftId < 0 || rightId < 0 || mergedId < 0) return undefined
    ids[3 * rank] = leftId
    ids[3 * rank + 1] = rightId
    ids[3 * rank + 2] = mergedId
  }
  return new PackedMerges(ids)
}
