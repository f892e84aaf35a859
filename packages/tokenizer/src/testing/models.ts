/** The small tokenizers of golden/models.json.gz. Tests only. */
import { Tokenizer } from '../tokenizer/tokenizer.ts'
import { readGolden } from './golden.ts'

export interface ModelCase {
  readonly name: string
  readonly model: string
  readonly texts: 'corpus' | 'flags'
  readonly added: readonly { readonly id: number }[]
  readonly hashes: string
  readonly [part: string]: unknown
}

interface GoldenModels {
  readonly seed: number
  readonly pieces: readonly string[]
  readonly models: Readonly<Record<string, { readonly vocab: object }>>
  readonly cases: readonly ModelCase[]
}

/** What tooling/fixtures/tokenizer/make_models.py wrote. */
export const goldenModels: GoldenModels = readGolden('models.json.gz') as GoldenModels

export function tokenizerOf(one: ModelCase): Tokenizer {
  const { model, added, normalizer, pre_tokenizer, post_processor, decoder } = one
  return Tokenizer.fromJSON({
    added_tokens: added,
    normalizer,
    pre_tokenizer,
    post_processor,
    decoder,
    model: goldenModels.models[model],
  })
}
