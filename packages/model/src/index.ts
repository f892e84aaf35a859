/** The deepseek_v3 architecture on any Octoscale backend: weights, cache, generation. */

export { Cache, reusablePrefix } from './cache.ts'
export { type CacheType, cacheTypes } from './cache-type.ts'
export type {
  CommonConfig,
  GroupedConfig,
  LatentConfig,
  ModelConfig,
  MoeConfig,
} from './config/model-config.ts'
export { parseConfig } from './config/parse-config.ts'
export type { QuantizationConfig } from './config/quantization.ts'
export { readModelConfig } from './config/read-model-config.ts'
export type { Llama3RopeConfig, RopeConfig, YarnConfig } from './config/rope.ts'
export {
  Constrainer,
  type Constraint,
  type ConstraintProcessor,
  constraintProcessor,
  EmptyGrammarError,
  type Grammar,
  GrammarLimitError,
  maskLogits,
  RegexError,
  regexGrammar,
  type SchemaGrammar,
  type SchemaOptions,
  type SchemaWarning,
  type SyntaxPart,
  schemaGrammar,
  TokenRefusedError,
  type Tool,
  type ToolCallGrammar,
  type ToolCallOptions,
  type ToolCallSyntax,
  type ToolChoice,
  type ToolWarning,
  toolCallGrammar,
  type Vocabulary,
  type Whitespace,
} from './constrain/index.ts'
export type { Drafter } from './engine/drafter.ts'
export {
  createEngine,
  type Engine,
  type EngineOptions,
  type EngineStatus,
} from './engine/engine.ts'
export { InvariantError, QueueFullError } from './engine/errors.ts'
export type { LogitsProcessor } from './engine/logits-processor.ts'
export type { PagedCache, PagedCacheSizes } from './engine/paged-cache.ts'
export { type PromptLookupOptions, promptLookup } from './engine/prompt-lookup.ts'
export type {
  EngineEvent,
  EngineRequest,
  EngineUsage,
  FinishEvent,
  StartEvent,
  TokenEvent,
} from './engine/request.ts'
export type { PageCopy } from './engine/sequence.ts'
export { createStopFilter, type StopFilter } from './engine/stop-strings.ts'
export type { ThinkingOptions } from './engine/thinking-budget.ts'
export {
  CheckpointError,
  ConfigError,
  ContextLengthError,
  DisposedError,
  DoesNotFitError,
  OptionError,
  UnsupportedArchitectureError,
} from './errors.ts'
export { assertFits, type EstimateOptions, estimateModel } from './estimate.ts'
export type { Estimate } from './estimated-sizes.ts'
export { type GeneratedToken, type GenerateOptions, generate } from './generate.ts'
export type { SizeOptions } from './limits.ts'
export { type LoadOptions, type LoadProgress, loadModel } from './load-model.ts'
export { type LogProbabilities, logProbabilities } from './log-probabilities.ts'
export { type ForwardOptions, Model, type ModelInfo, type PredictOptions, type StepOptions } from './model.ts'
export { createSampler, greedy, type Sampler } from './sampler.ts'
export type { SamplingOptions } from './sampling-options.ts'
