/** Run DeepSeek-family FP8 language models in Node and the browser. */

export {
  type CacheType,
  CheckpointError,
  ConfigError,
  ContextLengthError,
  cacheTypes,
  DoesNotFitError,
  type Estimate,
  OptionError,
  QueueFullError,
  UnsupportedArchitectureError,
} from '@octoscale/model'
export { DeviceError, FileNotFoundError, FormatError, OutOfMemoryError } from '@octoscale/tensor'
export type {
  AssistantMessage,
  ChatMessage,
  ToolCall,
  ToolDefinition,
  ToolMessage,
} from '@octoscale/tokenizer'
export { ChatError, UnsupportedTokenizerError } from '@octoscale/tokenizer'
export { type BackendChoice, type BackendName, backendNames, type ComputeOptions } from './backend.ts'
export type { ChatEvent, ChatOptions, ChatResult, FinishReason } from './chat.ts'
export type { CompletionEvent, CompletionOptions, CompletionResult } from './completion.ts'
export type { FormOptions, FormWarning } from './constraints.ts'
export { LoadError, StateError } from './errors.ts'
export { type EstimateOptions, estimate } from './estimate.ts'
export type { GenerationOptions, Speculation, Usage } from './generation-options.ts'
export type { Llm, LlmInfo } from './llm.ts'
export { type LoadOptions, load } from './load.ts'
export type { ModelFile, ModelSource } from './model-source.ts'
export type { Reply } from './reply.ts'
