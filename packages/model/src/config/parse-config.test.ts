import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError, UnsupportedArchitectureError } from '../errors.ts'
import { deepseekV31Json } from '../testing/deepseek-v31.ts'
import { parseConfig } from './parse-config.ts'

const deepseekV31 = deepseekV31Json

/** The error that a changed key gives. */
function errorWith(change: Record<string, unknown>): ConfigError {
  try {
    parseConfig({ ...deepseekV31, ...change })
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  return expect.fail(`no error for ${JSON.stringify(change)}`)
}

describe('parseConfig', () => {
  it('reads DeepSeek-V3.1', () => {
    expect(parseConfig(deepseekV31)).toEqual({
      modelType: 'deepseek_v3',
      vocabularySize: 129280,
      hiddenSize: 7168,
      layers: 61,
      heads: 128,
      queryRank: 1536,
      latentRank: 512,
      nopeHeadDim: 128,
      ropeHeadDim: 64,
      valueHeadDim: 128,
      intermediateSize: 18432,
      moe: {
        routedExperts: 256,
        expertsPerToken: 8,
        groups: 8,
        topGroups: 4,
        normalize: true,
        scalingFactor: 2.5,
        intermediateSize: 2048,
        sharedExperts: 1,
        denseLayers: [0, 1, 2],
        scoring: 'sigmoid',
        groupScore: 'best-two',
        bias: true,
      },
      normEpsilon: 1e-6,
      rope: {
        theta: 10000,
        yarn: {
          factor: 40,
          betaFast: 32,
          betaSlow: 1,
          originalMaxPositions: 4096,
          mscale: 1,
          mscaleAllDim: 1,
          attentionFactor: undefined,
        },
      },
      maxPositions: 163840,
      tiedEmbeddings: false,
      mtpLayers: 1,
      quantization: { method: 'fp8', format: 'e4m3', block: [128, 128], scaleFormat: 'ue8m0' },
      bosTokenId: 0,
      eosTokenIds: [1],
    })
  })

  it('reads both spellings of the rope settings alike', () => {
    const { rope_scaling, rope_theta, ...rest } = deepseekV31
    const { type, ...yarn } = rope_scaling
    const newer = { ...rest, rope_parameters: { ...yarn, rope_type: type, rope_theta } }
    expect(parseConfig(newer)).toEqual(parseConfig(deepseekV31))
    expect(parseConfig({ ...deepseekV31, rope_scaling: null }).rope).toEqual({
      theta: 10000,
      yarn: undefined,
    })
    const plain = { ...rest, rope_parameters: { rope_type: 'default', rope_theta } }
    expect(parseConfig(plain).rope).toEqual({ theta: 10000, yarn: undefined })
  })

  it('takes null for what Python writes as None', () => {
    const config = parseConfig({
      ...deepseekV31,
      q_lora_rank: null,
      n_shared_experts: null,
      quantization_config: null,
    })
    expect('queryRank' in config && config.queryRank).toBeUndefined()
    expect(config.moe?.sharedExperts).toBe(0)
    expect(config.quantization).toBeUndefined()
    expect(parseConfig({ ...deepseekV31, n_routed_experts: null }).moe).toBeUndefined()
  })

  it('takes several eos ids, and the newer name of the MTP layers', () => {
    const { num_nextn_predict_layers, ...rest } = deepseekV31
    expect(parseConfig({ ...rest, eos_token_id: [1, 7] }).eosTokenIds).toEqual([1, 7])
    expect(parseConfig({ ...rest, num_mtp_layers: num_nextn_predict_layers }).mtpLayers).toBe(1)
    expect(parseConfig(rest).mtpLayers).toBe(0)
  })

  it('names the supported architectures for another model_type', () => {
    const parse = (): unknown => parseConfig({ ...deepseekV31, model_type: 'gpt2' })
    expect(parse).toThrow(UnsupportedArchitectureError)
    expect(parse).toThrow(
      'config.json: model_type "gpt2" is not supported; supported: deepseek_v2, deepseek_v3, kimi_k2',
    )
    expect(() => parseConfig({})).toThrow(UnsupportedArchitectureError)
    expect(() => parseConfig({ model_type: '__proto__' })).toThrow(UnsupportedArchitectureError)
    expect(() => parseConfig({ model_type: 'toString' })).toThrow(UnsupportedArchitectureError)
  })

  const optional = new Set([
    'architectures',
    'attention_bias',
    'bos_token_id',
    'eos_token_id',
    'hidden_act',
    'moe_layer_freq',
    'num_key_value_heads',
    'num_nextn_predict_layers',
    'quantization_config',
    'rope_scaling',
    'scoring_func',
    'tie_word_embeddings',
    'topk_method',
    'torch_dtype',
  ])
  const required = Object.keys(deepseekV31).filter((key) => key !== 'model_type' && !optional.has(key))

  it.each(required)('needs %s: absent, of another type, or absurd is an error that names it', (key) => {
    for (const value of [undefined, 'many', -1, 1e300, Number.NaN, {}, [1]]) {
      const error = errorWith({ [key]: value })
      expect(error.key).toBe(key)
      expect(error.message).toContain(`config.json: ${key} must be ${error.expected}, got ${error.got}`)
    }
  })

  it.each([
    ['hidden_act', 'gelu'],
    ['scoring_func', 'softmax'],
    ['topk_method', 'greedy'],
    ['attention_bias', true],
    ['rope_interleave', false],
  ])('refuses a variant it does not compute: %s %s', (key, value) => {
    expect(errorWith({ [key]: value })).toMatchObject({ key, got: JSON.stringify(value) })
  })

  it.each([
    [{ quant_method: 'awq' }, 'quantization_config.quant_method', '"fp8"'],
    [{ fmt: 'e5m2' }, 'quantization_config.fmt', '"e4m3"'],
    [{ fmt: undefined }, 'quantization_config.fmt', '"e4m3"'],
    [{ scale_fmt: 'e5m3' }, 'quantization_config.scale_fmt', '"ue8m0"'],
    [{ activation_scheme: 'static' }, 'quantization_config.activation_scheme', '"dynamic"'],
    [{ weight_block_size: [128] }, 'quantization_config.weight_block_size', 'two integers in 1 .. 65536'],
    [{ weight_block_size: [0, 128] }, 'quantization_config.weight_block_size', 'two integers in 1 .. 65536'],
    [{ weight_block_size: null }, 'quantization_config.weight_block_size', 'two integers in 1 .. 65536'],
  ])('refuses quantization %o', (change, key, expected) => {
    const quantization_config = { ...deepseekV31.quantization_config, ...change }
    expect(errorWith({ quantization_config })).toMatchObject({ key, expected })
  })

  it.each([
    [{ type: 'dynamic' }, 'rope_scaling.type', '"default" or "linear" or "llama3" or "yarn"'],
    [{ factor: '40' }, 'rope_scaling.factor', 'a number in 1 .. 1000000'],
    [
      { original_max_position_embeddings: 0 },
      'rope_scaling.original_max_position_embeddings',
      'an integer in 1 .. 16777216',
    ],
    [{ beta_fast: 0.5 }, 'rope_scaling.beta_fast', 'at least beta_slow (1)'],
    [{ truncate: false }, 'rope_scaling.truncate', 'true'],
    [{ partial_rotary_factor: 0.5 }, 'rope_scaling.partial_rotary_factor', 'a number in 1 .. 1'],
  ])('refuses rope scaling %o', (change, key, expected) => {
    expect(errorWith({ rope_scaling: { ...deepseekV31.rope_scaling, ...change } })).toMatchObject({
      key,
      expected,
    })
  })

  it.each([
    [{ qk_rope_head_dim: 63 }, 'qk_rope_head_dim'],
    [{ n_group: 7 }, 'n_group'],
    [{ n_group: 256 }, 'n_group'],
    [{ topk_group: 9 }, 'topk_group'],
    [{ num_experts_per_tok: 129 }, 'num_experts_per_tok'],
    [{ first_k_dense_replace: 62 }, 'first_k_dense_replace'],
    [{ eos_token_id: 129280 }, 'eos_token_id'],
    [{ bos_token_id: 129280 }, 'bos_token_id'],
    [{ quantization_config: [] }, 'quantization_config'],
    [{ rope_scaling: 'yarn' }, 'rope_scaling'],
  ])('refuses values that do not fit together: %o', (change, key) => {
    expect(errorWith(change).key).toBe(key)
  })

  it('answers any JSON with a config or a typed error', () => {
    const value = fc.oneof(fc.jsonValue(), fc.integer(), fc.constantFrom(null, true, 1, 8, 'yarn', 'fp8'))
    const changes = fc.dictionary(fc.constantFrom(...Object.keys(deepseekV31)), value)
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), changes), (json) => {
        const whole = typeof json === 'object' && json !== null ? { ...deepseekV31, ...json } : json
        try {
          parseConfig(whole)
        } catch (error) {
          const typed = error instanceof ConfigError || error instanceof UnsupportedArchitectureError
          if (!typed) throw error
          expect(error.message.length).toBeLessThan(400)
        }
      }),
    )
  })
})
