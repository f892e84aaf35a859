/** From the metadata of a GGUF file to a model's configuration, by way of the keys of `config.json`. */
import type { GgufFile, GgufValue } from '@octoscale/tensor'
import { ConfigError, UnsupportedArchitectureError } from '../errors.ts'
import type { GroupedConfig } from './model-config.ts'
import { parseConfig } from './parse-config.ts'

/** `general.architecture` → `model_type`. llama.cpp permutes rows of llama's queries and keys, so that neighbours rotate. */
const models: Readonly<Record<string, { modelType: string; ropePairs: GroupedConfig['ropePairs'] }>> = {
  llama: { modelType: 'llama', ropePairs: 'interleaved' },
  qwen2: { modelType: 'qwen2', ropePairs: 'halves' },
  qwen3: { modelType: 'qwen3', ropePairs: 'halves' },
  qwen3moe: { modelType: 'qwen3_moe', ropePairs: 'halves' },
}

/** Key of `config.json` → key of the metadata, after the name of the architecture. */
const keys: Readonly<Record<string, string>> = {
  num_hidden_layers: 'block_count',
  max_position_embeddings: 'context_length',
  hidden_size: 'embedding_length',
  intermediate_size: 'feed_forward_length',
  num_attention_heads: 'attention.head_count',
  num_key_value_heads: 'attention.head_count_kv',
  head_dim: 'attention.key_length',
  rms_norm_eps: 'attention.layer_norm_rms_epsilon',
  rope_theta: 'rope.freq_base',
  num_experts: 'expert_count',
  num_experts_per_tok: 'expert_used_count',
  moe_intermediate_size: 'expert_feed_forward_length',
  sliding_window: 'attention.sliding_window',
}

/**
 * Throws `UnsupportedArchitectureError`, and `ConfigError` (with the file's own keys) for a value that is missing, out of range, or
 * that would need other computations.
 */
export function parseGgufConfig(file: Pick<GgufFile, 'name' | 'metadata' | 'tensors'>): GroupedConfig {
  const { metadata, tensors } = file
  const architecture = metadata.get('general.architecture')
  const model =
    typeof architecture === 'string' && Object.hasOwn(models, architecture) ? models[architecture] : undefined
  if (model === undefined) {
    throw new UnsupportedArchitectureError({ modelType: architecture, supported: Object.keys(models) })
  }
  const get = (key: string): GgufValue | undefined => metadata.get(`${architecture}.${key}`)
  const refuse = (key: string, expected: string): never => {
    throw new ConfigError({ key: `${architecture}.${key}`, expected, got: get(key), file: file.name })
  }
  if (model.modelType !== 'qwen3_moe' && (get('expert_count') ?? 0) !== 0) {
    refuse('expert_count', '0: only the experts of qwen3moe are computed')
  }
  const json: Record<string, unknown> = { model_type: model.modelType }
  for (const [key, source] of Object.entries(keys)) json[key] = get(source)
  json.vocab_size = tensors.get('token_embd.weight')?.shape[0]
  json.tie_word_embeddings = !tensors.has('output.weight')
  json.attention_bias = tensors.has('blk.0.attn_q.bias')
  json.rope_scaling = ropeScaling(get)
  json.bos_token_id = metadata.get('tokenizer.ggml.bos_token_id')
  json.eos_token_id = endIds(metadata)
  // llama.cpp norms the weights of qwen3moe's experts always: no key says so.
  if (model.modelType === 'qwen3_moe') json.norm_topk_prob = true
  const config = parse(json, architecture as string, file.name)
  const widths = { 'attention.value_length': config.headDim, 'rope.dimension_count': config.headDim }
  for (const [key, width] of Object.entries(widths)) {
    const value = get(key)
    if (value !== undefined && value !== width) refuse(key, `the width of a head (${width})`)
  }
  return {
    ...config,
    ropePairs: model.ropePairs,
    rope: tensors.has('rope_freqs.weight') ? { ...config.rope, divisorsInFile: true } : config.rope,
  }
}

/** Keys of errors are those of the metadata. */
function parse(json: unknown, architecture: string, file: string): GroupedConfig {
  try {
    return parseConfig(json) as GroupedConfig
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const { key, expected } = error
    const source = keys[key] === undefined ? key : `${architecture}.${keys[key]}`
    throw new ConfigError({ key: source, expected, got: (json as Record<string, unknown>)[key], file })
  }
}

function ropeScaling(get: (key: string) => GgufValue | undefined): Record<string, unknown> | undefined {
  const type = get('rope.scaling.type')
  if (type === undefined || type === 'none') return undefined
  return {
    rope_type: type,
    factor: get('rope.scaling.factor'),
    original_max_position_embeddings: get('rope.scaling.original_context_length'),
    attention_factor: get('rope.scaling.attn_factor'),
    beta_fast: get('rope.scaling.yarn_beta_fast'),
    beta_slow: get('rope.scaling.yarn_beta_slow'),
  }
}

/** The end of a text and, where it is another one, the end of a turn. */
function endIds(metadata: GgufFile['metadata']): unknown {
  const names = ['eos', 'eot'].map((name) => metadata.get(`tokenizer.ggml.${name}_token_id`))
  const ids = [...new Set(names.filter((id) => id !== undefined))]
  return ids.length === 0 ? undefined : ids
}
