/** `config.json` of `llama`, `qwen2`, `qwen3` and `qwen3_moe`, every key that is used. */
import { flag, maxExperts, maxLayers, maxWidth, only, parseCommon } from '../config/common.ts'
import type { ConfigFields } from '../config/fields.ts'
import type { GroupedConfig, MoeConfig } from '../config/model-config.ts'

type ModelType = GroupedConfig['modelType']

/** How the models differ where their `config.json` does not say it. */
const quirks: Readonly<Record<ModelType, Quirks>> = {
  llama: { bias: 'attention_bias', headNorms: false },
  qwen2: { bias: 'input', headNorms: false },
  qwen3: { bias: 'attention_bias', headNorms: true },
  qwen3_moe: { bias: 'attention_bias', headNorms: true },
}

interface Quirks {
  /** `input`: query, key and value always have a bias, the output never; else the key of the config, for all four. */
  readonly bias: 'input' | 'attention_bias'
  readonly headNorms: boolean
}

/** Throws `ConfigError` for a value that is missing, out of range, or that would need other computations. */
export function parseGroupedQuery(fields: ConfigFields): GroupedConfig {
  const modelType = fields.oneOf('model_type', Object.keys(quirks) as ModelType[])
  only(fields, 'mlp_bias', false)
  const common = parseCommon(fields)
  const { heads, layers } = common
  refuseSlidingWindow(fields, layers)
  const kvHeads = fields.has('num_key_value_heads') ? fields.integer('num_key_value_heads', 1, heads) : heads
  if (heads % kvHeads !== 0) {
    throw fields.error('num_key_value_heads', `a divisor of num_attention_heads (${heads})`)
  }
  const { bias, headNorms } = quirks[modelType]
  const all = bias === 'attention_bias' && flag(fields, 'attention_bias')
  return {
    modelType,
    ...common,
    kvHeads,
    headDim: parseHeadDim(fields, common.hiddenSize, heads),
    bias: { input: bias === 'input' || all, output: all },
    headNorms,
    ropePairs: 'halves',
    moe: modelType === 'qwen3_moe' ? parseMoe(fields, layers) : undefined,
    mtpLayers: 0,
  }
}

function parseHeadDim(fields: ConfigFields, hiddenSize: number, heads: number): number {
  const given = fields.has('head_dim')
  const key = given ? 'head_dim' : 'hidden_size'
  const headDim = given ? fields.integer('head_dim', 2, 4096) : hiddenSize / heads
  if (!Number.isInteger(headDim)) {
    throw fields.error(key, `a multiple of num_attention_heads (${heads}), or head_dim given`)
  }
  if (headDim % 2 !== 0)
    throw fields.error(key, 'such that a head has an even width: values are rotated in pairs')
  return headDim
}

/** Qwen 2 and 3 name a window in every config and switch it on with another key; from `max_window_layers` on it holds. */
function refuseSlidingWindow(fields: ConfigFields, layers: number): void {
  const types = fields.get('layer_types')
  if (Array.isArray(types) && types.some((type) => type !== 'full_attention')) {
    throw fields.error('layer_types', '"full_attention" in every layer: sliding windows are not computed')
  }
  if (!fields.has('sliding_window') || fields.get('use_sliding_window') === false) return
  const from = fields.has('max_window_layers') ? fields.integer('max_window_layers', 0, maxLayers) : 0
  if (from < layers)
    throw fields.error('sliding_window', 'null or switched off: sliding windows are not computed')
}

function parseMoe(fields: ConfigFields, layers: number): MoeConfig {
  const key = fields.has('num_experts') ? 'num_experts' : 'num_local_experts'
  const routedExperts = fields.integer(key, 1, maxExperts)
  return {
    routedExperts,
    expertsPerToken: fields.integer('num_experts_per_tok', 1, routedExperts),
    groups: 1,
    topGroups: 1,
    normalize: fields.boolean('norm_topk_prob'),
    scalingFactor: 1,
    intermediateSize: fields.integer('moe_intermediate_size', 1, maxWidth),
    sharedExperts: 0,
    denseLayers: parseDenseLayers(fields, layers),
    scoring: 'softmax',
    groupScore: 'best',
    bias: false,
  }
}

/** Layer i has experts if `(i + 1) % decoder_sparse_step == 0`, unless `mlp_only_layers` names it. */
function parseDenseLayers(fields: ConfigFields, layers: number): readonly number[] {
  const every = fields.has('decoder_sparse_step') ? fields.integer('decoder_sparse_step', 1, maxLayers) : 1
  const named: unknown = fields.get('mlp_only_layers') ?? []
  if (!Array.isArray(named) || named.length > maxLayers || !named.every(Number.isInteger)) {
    throw fields.error('mlp_only_layers', `at most ${maxLayers} integers`)
  }
  const dense = new Set<unknown>(named)
  return Array.from({ length: layers }, (_, i) => i).filter((i) => dense.has(i) || (i + 1) % every !== 0)
}
