/**
 * `config.json` of `deepseek_v3`, `kimi_k2` (the same by another name) and `deepseek_v2`, every key that is used.
 *
 * V3 routes by sigmoid scores with a bias and groups judged by their two best experts; V2 by softmax, `greedy` (no groups) or
 * `group_limited_greedy` (groups judged by their best).
 */
import { flag, maxExperts, maxLayers, maxWidth, only, parseCommon } from '../config/common.ts'
import type { ConfigFields } from '../config/fields.ts'
import type { LatentConfig, MoeConfig } from '../config/model-config.ts'

/** Throws `ConfigError` for a value that is missing, out of range, or that would need other computations. */
export function parseDeepseek(fields: ConfigFields): LatentConfig {
  const modelType = fields.oneOf('model_type', ['deepseek_v2', 'deepseek_v3', 'kimi_k2'])
  const v2 = modelType === 'deepseek_v2'
  only(fields, 'attention_bias', false)
  only(fields, 'mlp_bias', false)
  only(fields, 'rope_interleave', true)
  only(fields, 'scoring_func', v2 ? 'softmax' : 'sigmoid')
  if (!v2) only(fields, 'topk_method', 'noaux_tc')
  const common = parseCommon(fields)
  const ropeHeadDim = fields.integer('qk_rope_head_dim', 2, 4096)
  if (ropeHeadDim % 2 !== 0) throw fields.error('qk_rope_head_dim', 'even: values are rotated in pairs')
  const hasExperts = fields.get('n_routed_experts') !== null
  return {
    modelType,
    ...common,
    queryRank: fields.get('q_lora_rank') === null ? undefined : fields.integer('q_lora_rank', 1, maxWidth),
    latentRank: fields.integer('kv_lora_rank', 1, maxWidth),
    nopeHeadDim: fields.integer('qk_nope_head_dim', 1, 4096),
    ropeHeadDim,
    valueHeadDim: fields.integer('v_head_dim', 1, 4096),
    moe: hasExperts ? parseMoe(fields, common.layers, v2) : undefined,
    mtpLayers: parseMtpLayers(fields),
  }
}

function parseMoe(fields: ConfigFields, layers: number, v2: boolean): MoeConfig {
  const routedExperts = fields.integer('n_routed_experts', 1, maxExperts)
  const { groups, topGroups } = parseGroups(fields, routedExperts, v2)
  return {
    routedExperts,
    expertsPerToken: fields.integer('num_experts_per_tok', 1, topGroups * (routedExperts / groups)),
    groups,
    topGroups,
    normalize: v2 ? refuseNormalized(fields) : fields.boolean('norm_topk_prob'),
    scalingFactor: fields.number('routed_scaling_factor', 1e-4, 1e4),
    intermediateSize: fields.integer('moe_intermediate_size', 1, maxWidth),
    sharedExperts: fields.get('n_shared_experts') === null ? 0 : fields.integer('n_shared_experts', 0, 1024),
    denseLayers: parseDenseLayers(fields, layers),
    scoring: v2 ? 'softmax' : 'sigmoid',
    groupScore: v2 ? 'best' : 'best-two',
    bias: !v2,
  }
}

/** `greedy` looks at all experts, whatever `n_group` says. */
function parseGroups(
  fields: ConfigFields,
  experts: number,
  v2: boolean,
): { groups: number; topGroups: number } {
  if (v2 && fields.oneOf('topk_method', ['greedy', 'group_limited_greedy']) === 'greedy') {
    return { groups: 1, topGroups: 1 }
  }
  const groups = fields.integer('n_group', 1, experts)
  if (experts % groups !== 0) throw fields.error('n_group', `a divisor of n_routed_experts (${experts})`)
  // In V3 a group's score is the sum of its two best experts.
  if (!v2 && groups > 1 && experts / groups < 2) {
    throw fields.error('n_group', 'at most half of n_routed_experts')
  }
  return { groups, topGroups: fields.integer('topk_group', 1, groups) }
}

/**
 * DeepSeek's own code for V2 does not scale normalised weights, transformers does not normalise at all, and no published model
 * asks for it.
 */
function refuseNormalized(fields: ConfigFields): boolean {
  if (flag(fields, 'norm_topk_prob')) throw fields.error('norm_topk_prob', 'false in a deepseek_v2 model')
  return false
}

/** From `first_k_dense_replace` on, layer i has experts if `i % moe_layer_freq == 0`. */
function parseDenseLayers(fields: ConfigFields, layers: number): readonly number[] {
  const first = fields.integer('first_k_dense_replace', 0, layers)
  const every = fields.has('moe_layer_freq') ? fields.integer('moe_layer_freq', 1, maxLayers) : 1
  return Array.from({ length: layers }, (_, i) => i).filter((i) => i < first || i % every !== 0)
}

/** transformers 5 writes `num_mtp_layers` for what DeepSeek calls `num_nextn_predict_layers`. */
function parseMtpLayers(fields: ConfigFields): number {
  const key = ['num_nextn_predict_layers', 'num_mtp_layers'].find((each) => fields.has(each))
  return key === undefined ? 0 : fields.integer(key, 0, 64)
}
