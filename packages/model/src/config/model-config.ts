/**
 * What a model is, read from its `config.json`. Everything that the computation uses is read from the file,
 * never taken from the defaults of some library: class defaults of transformers differ from the published
 * models, and a wrong YaRN value changes every logit by several per cent without any error.
 */
import type { RopePairs } from '@octoscale/tensor'
import type { QuantizationConfig } from './quantization.ts'
import type { RopeConfig } from './rope.ts'

/** The mixture of experts of the layers that are not dense. */
export interface MoeConfig {
  readonly routedExperts: number
  readonly expertsPerToken: number
  /** `n_group`: equal groups that the experts are split into. */
  readonly groups: number
  /** `topk_group`: groups that may be chosen from for one token. */
  readonly topGroups: number
  /** `norm_topk_prob`: the chosen experts' weights are divided by their sum. */
  readonly normalize: boolean
  readonly scalingFactor: number
  /** Width of one expert. */
  readonly intermediateSize: number
  /** Shared experts are one MLP of width `sharedExperts * intermediateSize`; 0: none. */
  readonly sharedExperts: number
  /** Layers with one ordinary MLP, ascending; all others have experts. */
  readonly denseLayers: readonly number[]
  /** How scores come from the router's logits. */
  readonly scoring: 'sigmoid' | 'softmax'
  /** What a group of experts is judged by: the sum of its two best, or its best. Not used with one group. */
  readonly groupScore: 'best-two' | 'best'
  /** The checkpoint has `e_score_correction_bias`, which is added to the scores to choose by. */
  readonly bias: boolean
}

/** What every model here has. */
export interface CommonConfig {
  readonly vocabularySize: number
  readonly hiddenSize: number
  readonly layers: number
  readonly heads: number
  /** Width of the dense MLP. */
  readonly intermediateSize: number
  /** Undefined: all layers are dense. */
  readonly moe: MoeConfig | undefined
  readonly normEpsilon: number
  readonly rope: RopeConfig
  /** `max_position_embeddings`: positions that the makers say the model can use. */
  readonly maxPositions: number
  readonly tiedEmbeddings: boolean
  /** Multi-token-prediction layers in the checkpoint, after the `layers` main ones. */
  readonly mtpLayers: number
  readonly quantization: QuantizationConfig | undefined
  readonly bosTokenId: number | undefined
  readonly eosTokenIds: readonly number[]
}

/** DeepSeek-V2, V3, R1, V3.1, and models made after them: latent attention. */
export interface LatentConfig extends CommonConfig {
  readonly modelType: 'deepseek_v2' | 'deepseek_v3' | 'kimi_k2'
  /** Width of the compressed query; undefined: queries come from one matrix. */
  readonly queryRank: number | undefined
  /** Width of the latent that is cached for keys and values. */
  readonly latentRank: number
  /** Per head: the part of query and key without position, the part with, and the value. */
  readonly nopeHeadDim: number
  readonly ropeHeadDim: number
  readonly valueHeadDim: number
}

/** Llama and Qwen: grouped-query attention. */
export interface GroupedConfig extends CommonConfig {
  readonly modelType: 'llama' | 'qwen2' | 'qwen3' | 'qwen3_moe'
  /** A divisor of `heads`. */
  readonly kvHeads: number
  readonly headDim: number
  /** Which projections of attention add a bias: those of query, key and value; that of the output. */
  readonly bias: { readonly input: boolean; readonly output: boolean }
  /** Queries and keys are normed head by head before they are rotated. */
  readonly headNorms: boolean
  /** Which values are rotated together: halves, but neighbours in GGUF's llama, whose rows are permuted. */
  readonly ropePairs: RopePairs
}

export type ModelConfig = LatentConfig | GroupedConfig
