/** The deepseek_v3 architecture on any Octoscale backend: weights, cache, generation. */

export { Cache, reusablePrefix } from './cache.ts'
export type { ModelConfig, MoeConfig } from './config/model-config.ts'
export { parseConfig } from './config/parse-config.ts'
export type { QuantizationConfig } from './config/quantization.ts'
export type { RopeConfig, YarnConfig } from './config/rope.ts'
export {
  CheckpointError,
  ConfigError,
  ContextLengthError,
  DisposedError,
  OptionError,
  UnsupportedArchitectureError,
} from './errors.ts'
export { type GeneratedToken, type GenerateOptions, generate } from './generate.ts'
export { type LoadOptions, type LoadProgress, loadModel } from './load-model.ts'
export { type ForwardOptions, Model, type ModelInfo } from './model.ts'
export { createSampler, greedy, type Sampler, type SamplingOptions } from './sampler.ts'
