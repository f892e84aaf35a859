/** Keys of `config.json` that all architectures read alike, with limits far above any published model. */
import type { ConfigFields } from './fields.ts'
import type { CommonConfig } from './model-config.ts'
import { parseQuantization } from './quantization.ts'
import { parseRope } from './rope.ts'

/** DeepSeek-V3.1: hidden 7168, vocabulary 129280, 61 layers. Limits alone must keep a machine from being exhausted. */
export const maxWidth: number = 2 ** 20
export const maxLayers = 1024
export const maxExperts = 4096

/** Throws `ConfigError`. */
export function parseCommon(fields: ConfigFields): Omit<CommonConfig, 'moe' | 'mtpLayers'> {
  only(fields, 'hidden_act', 'silu')
  const vocabularySize = fields.integer('vocab_size', 1, maxWidth)
  return {
    vocabularySize,
    hiddenSize: fields.integer('hidden_size', 1, maxWidth),
    layers: fields.integer('num_hidden_layers', 1, maxLayers),
    heads: fields.integer('num_attention_heads', 1, 4096),
    intermediateSize: fields.integer('intermediate_size', 1, maxWidth),
    normEpsilon: fields.number('rms_norm_eps', 1e-12, 1),
    rope: parseRope(fields),
    maxPositions: fields.integer('max_position_embeddings', 1, 2 ** 24),
    tiedEmbeddings: flag(fields, 'tie_word_embeddings'),
    quantization: parseQuantization(fields),
    bosTokenId: fields.has('bos_token_id')
      ? fields.integer('bos_token_id', 0, vocabularySize - 1)
      : undefined,
    eosTokenIds: parseEos(fields, vocabularySize),
  }
}

/** False when absent or null. */
export function flag(fields: ConfigFields, key: string): boolean {
  return fields.has(key) && fields.boolean(key)
}

/** A key that names a computation we do not have: absent or null is fine, any value but this one is an error. */
export function only(fields: ConfigFields, key: string, value: string | boolean): void {
  if (fields.has(key)) fields.oneOf(key, [value])
}

function parseEos(fields: ConfigFields, vocabularySize: number): readonly number[] {
  if (!fields.has('eos_token_id')) return []
  const value = fields.get('eos_token_id')
  const ids: readonly unknown[] = Array.isArray(value) ? value : [value]
  const valid = (id: unknown): id is number =>
    typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < vocabularySize
  if (ids.length > 64 || !ids.every(valid)) {
    throw fields.error('eos_token_id', `an integer in 0 .. ${vocabularySize - 1}, or at most 64 of them`)
  }
  return ids
}
