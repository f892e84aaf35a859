/**
 * `config.json` of `deepseek_v3`, every key that is used, with limits far above any published model
 * (DeepSeek-V3.1: hidden 7168, 61 layers, 256 experts) and far below what could exhaust a machine by itself.
 */
import type { ConfigFields } from '../config/fields.ts'
import type { ModelConfig, MoeConfig } from '../config/model-config.ts'
import { parseQuantization } from '../config/quantization.ts'
import { parseRope } from '../config/rope.ts'

const maxWidth = 2 ** 20
const maxLayers = 1024
const maxExperts = 4096

/** Throws `ConfigError` for a value that is missing, out of range, or that would need other computations. */
export function parseDeepseekV3(fields: ConfigFields): ModelConfig {
  refuseOtherVariants(fields)
  const vocabularySize = fields.integer('vocab_size', 1, maxWidth)
  const layers = fields.integer('num_hidden_layers', 1, maxLayers)
  const ropeHeadDim = fields.integer('qk_rope_head_dim', 2, 4096)
  if (ropeHeadDim % 2 !== 0) throw fields.error('qk_rope_head_dim', 'even: values are rotated in pairs')
  return {
    modelType: 'deepseek_v3',
    vocabularySize,
    hiddenSize: fields.integer('hidden_size', 1, maxWidth),
    layers,
    heads: fields.integer('num_attention_heads', 1, 4096),
    queryRank: fields.get('q_lora_rank') === null ? undefined : fields.integer('q_lora_rank', 1, maxWidth),
    latentRank: fields.integer('kv_lora_rank', 1, maxWidth),
    nopeHeadDim: fields.integer('qk_nope_head_dim', 1, 4096),
    ropeHeadDim,
    valueHeadDim: fields.integer('v_head_dim', 1, 4096),
    intermediateSize: fields.integer('intermediate_size', 1, maxWidth),
    moe: fields.get('n_routed_experts') === null ? undefined : parseMoe(fields, layers),
    normEpsilon: fields.number('rms_norm_eps', 1e-12, 1),
    rope: parseRope(fields),
    maxPositions: fields.integer('max_position_embeddings', 1, 2 ** 24),
    tiedEmbeddings: fields.has('tie_word_embeddings') && fields.boolean('tie_word_embeddings'),
    mtpLayers: parseMtpLayers(fields),
    quantization: parseQuantization(fields),
    bosTokenId: fields.has('bos_token_id')
      ? fields.integer('bos_token_id', 0, vocabularySize - 1)
      : undefined,
    eosTokenIds: parseEos(fields, vocabularySize),
  }
}

/** Keys that name a computation we do not have: absent or null is fine, any other value is an error. */
function refuseOtherVariants(fields: ConfigFields): void {
  const only = (key: string, value: string | boolean): void => {
    if (fields.has(key)) fields.oneOf(key, [value])
  }
  only('hidden_act', 'silu')
  only('scoring_func', 'sigmoid')
  only('topk_method', 'noaux_tc')
  only('attention_bias', false)
  only('rope_interleave', true)
}

function parseMoe(fields: ConfigFields, layers: number): MoeConfig {
  const routedExperts = fields.integer('n_routed_experts', 1, maxExperts)
  const groups = fields.integer('n_group', 1, routedExperts)
  if (routedExperts % groups !== 0)
    throw fields.error('n_group', `a divisor of n_routed_experts (${routedExperts})`)
  const groupSize = routedExperts / groups
  // A group's score is the sum of its two best experts.
  if (groups > 1 && groupSize < 2) throw fields.error('n_group', 'at most half of n_routed_experts')
  const topGroups = fields.integer('topk_group', 1, groups)
  return {
    routedExperts,
    expertsPerToken: fields.integer('num_experts_per_tok', 1, topGroups * groupSize),
    groups,
    topGroups,
    normalize: fields.boolean('norm_topk_prob'),
    scalingFactor: fields.number('routed_scaling_factor', 1e-4, 1e4),
    intermediateSize: fields.integer('moe_intermediate_size', 1, maxWidth),
    sharedExperts: fields.get('n_shared_experts') === null ? 0 : fields.integer('n_shared_experts', 0, 1024),
    firstLayer: fields.integer('first_k_dense_replace', 0, layers),
    layerFrequency: fields.has('moe_layer_freq') ? fields.integer('moe_layer_freq', 1, maxLayers) : 1,
  }
}

/** transformers 5 writes `num_mtp_layers` for what DeepSeek calls `num_nextn_predict_layers`. */
function parseMtpLayers(fields: ConfigFields): number {
  const key = ['num_nextn_predict_layers', 'num_mtp_layers'].find((each) => fields.has(each))
  return key === undefined ? 0 : fields.integer(key, 0, 64)
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
