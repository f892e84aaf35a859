/**
 * What a model is, read from its `config.json`. Everything that the computation uses is read from the file,
 * never taken from the defaults of some library: class defaults of transformers differ from the published
 * models, and a wrong YaRN value changes every logit by several per cent without any error.
 */
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
  /** Layers before this one are dense. */
  readonly firstLayer: number
  /** From `firstLayer` on, layer `i` has experts if `i % layerFrequency == 0`. */
  readonly layerFrequency: number
}

/** The `deepseek_v3` architecture: DeepSeek-V3, R1, V3.1, and models made after them. */
export interface ModelConfig {
  readonly modelType: 'deepseek_v3'
  readonly vocabularySize: number
  readonly hiddenSize: number
  readonly layers: number
  readonly heads: number
  /** Width of the compressed query; undefined: queries come from one matrix. */
  readonly queryRank: number | undefined
  /** Width of the latent that is cached for keys and values. */
  readonly latentRank: number
  /** Per head: the part of query and key without position, the part with, and the value. */
  readonly nopeHeadDim: number
  readonly ropeHeadDim: number
  readonly valueHeadDim: number
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
