/**
 * config.json of the architectures beside deepseek_v3: published ones are read, what asks for another computation is refused.
 *
 * Mutations seen red: window in use when max_window_layers is absent, mlp_only_layers ignored, greedy that looks at groups, odd
 * heads taken, normalised V2 taken.
 */
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../errors.ts'
import { deepseekV31Json } from '../testing/deepseek-v31.ts'
import { parseConfig } from './parse-config.ts'

/** Qwen2.5-7B-Instruct: R1-Distill-Qwen-7B differs in rope_theta and sizes. */
const qwen2 = {
  model_type: 'qwen2',
  bos_token_id: 151643,
  eos_token_id: 151645,
  hidden_act: 'silu',
  hidden_size: 3584,
  intermediate_size: 18944,
  max_position_embeddings: 32768,
  max_window_layers: 28,
  num_attention_heads: 28,
  num_hidden_layers: 28,
  num_key_value_heads: 4,
  rms_norm_eps: 1e-6,
  rope_theta: 1000000,
  sliding_window: 131072,
  tie_word_embeddings: false,
  use_sliding_window: false,
  vocab_size: 152064,
}

const llama = {
  ...qwen2,
  model_type: 'llama',
  attention_bias: false,
  mlp_bias: false,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  hidden_size: 4096,
  sliding_window: null,
  rope_scaling: {
    factor: 8,
    high_freq_factor: 4,
    low_freq_factor: 1,
    original_max_position_embeddings: 8192,
    rope_type: 'llama3',
  },
}

const qwen3Moe = {
  ...qwen2,
  model_type: 'qwen3_moe',
  attention_bias: false,
  head_dim: 128,
  sliding_window: null,
  num_attention_heads: 32,
  num_experts: 128,
  num_experts_per_tok: 8,
  moe_intermediate_size: 768,
  norm_topk_prob: true,
  decoder_sparse_step: 1,
  mlp_only_layers: [],
}

const deepseekV2 = {
  ...deepseekV31Json,
  model_type: 'deepseek_v2',
  quantization_config: null,
  scoring_func: 'softmax',
  topk_method: 'group_limited_greedy',
  norm_topk_prob: false,
  n_routed_experts: 160,
  n_group: 8,
  topk_group: 3,
  num_experts_per_tok: 6,
}

describe('parseConfig', () => {
  it('reads Qwen 2, whose queries, keys and values always have a bias', () => {
    expect(parseConfig(qwen2)).toMatchObject({
      modelType: 'qwen2',
      kvHeads: 4,
      headDim: 128,
      bias: { input: true, output: false },
      headNorms: false,
      ropePairs: 'halves',
      moe: undefined,
    })
  })

  it('reads Llama 3.1 with its scaled frequencies', () => {
    expect(parseConfig(llama)).toMatchObject({
      modelType: 'llama',
      headDim: 128,
      bias: { input: false, output: false },
      rope: { llama3: { factor: 8, lowRotations: 1, highRotations: 4, originalMaxPositions: 8192 } },
    })
    expect(parseConfig({ ...llama, attention_bias: true })).toMatchObject({
      bias: { input: true, output: true },
    })
    expect(parseConfig({ ...llama, num_key_value_heads: null })).toMatchObject({ kvHeads: 32 })
  })

  it('reads Qwen 3 with experts', () => {
    expect(parseConfig(qwen3Moe)).toMatchObject({
      headNorms: true,
      moe: { routedExperts: 128, expertsPerToken: 8, normalize: true, denseLayers: [], scoring: 'softmax' },
    })
    const sparse = {
      num_hidden_layers: 6,
      max_window_layers: 6,
      decoder_sparse_step: 2,
      mlp_only_layers: [3],
    }
    expect(parseConfig({ ...qwen3Moe, ...sparse }).moe?.denseLayers).toEqual([0, 2, 3, 4])
  })

  it('reads DeepSeek-V2 and Kimi K2', () => {
    expect(parseConfig(deepseekV2)).toMatchObject({
      modelType: 'deepseek_v2',
      moe: { scoring: 'softmax', groupScore: 'best', bias: false, groups: 8, topGroups: 3 },
    })
    expect(parseConfig({ ...deepseekV2, topk_method: 'greedy' }).moe).toMatchObject({
      groups: 1,
      topGroups: 1,
    })
    const kimi = parseConfig({ ...deepseekV31Json, model_type: 'kimi_k2' })
    expect(kimi).toEqual({ ...parseConfig(deepseekV31Json), modelType: 'kimi_k2' })
  })

  it.each<[Record<string, unknown>, Record<string, unknown>, string]>([
    [qwen2, { use_sliding_window: true, max_window_layers: 21 }, 'sliding_window'],
    [qwen2, { use_sliding_window: null, max_window_layers: null }, 'sliding_window'],
    [qwen2, { layer_types: ['full_attention', 'sliding_attention'] }, 'layer_types'],
    [qwen2, { num_key_value_heads: 5 }, 'num_key_value_heads'],
    [qwen2, { hidden_size: 3585 }, 'hidden_size'],
    [qwen2, { head_dim: 127 }, 'head_dim'],
    [qwen2, { hidden_act: 'gelu' }, 'hidden_act'],
    [qwen2, { rope_theta: undefined }, 'rope_theta'],
    [llama, { mlp_bias: true }, 'mlp_bias'],
    [
      llama,
      { rope_scaling: { ...llama.rope_scaling, high_freq_factor: 1 } },
      'rope_scaling.high_freq_factor',
    ],
    [llama, { rope_scaling: { type: 'dynamic', factor: 2 } }, 'rope_scaling.type'],
    [llama, { rope_scaling: { rope_type: 'longrope' } }, 'rope_scaling.rope_type'],
    [qwen3Moe, { num_experts_per_tok: 129 }, 'num_experts_per_tok'],
    [qwen3Moe, { mlp_only_layers: 'all' }, 'mlp_only_layers'],
    [qwen3Moe, { norm_topk_prob: undefined }, 'norm_topk_prob'],
    [deepseekV2, { scoring_func: 'sigmoid' }, 'scoring_func'],
    [deepseekV2, { topk_method: 'noaux_tc' }, 'topk_method'],
    [deepseekV2, { norm_topk_prob: true }, 'norm_topk_prob'],
    [deepseekV2, { n_group: 7 }, 'n_group'],
  ])('refuses %#', (json, change, key) => {
    const parse = (): unknown => parseConfig({ ...json, ...change })
    expect(parse).toThrow(ConfigError)
    expect(parse).toThrow(`config.json: ${key} must be`)
  })

  it('takes a window that is named but not in use', () => {
    expect(parseConfig({ ...qwen2, use_sliding_window: true, max_window_layers: 28 })).toEqual(
      parseConfig(qwen2),
    )
  })
})
