/** Run DeepSeek-family FP8 language models in Node and the browser. */

export {
  CheckpointError,
  ConfigError,
  ContextLengthError,
  OptionError,
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
export { type BackendChoice, type BackendName, backendNames } from './backend.ts'
export type { ChatEvent, ChatOptions, ChatResult, FinishReason, Usage } from './chat.ts'
export { LoadError, StateError } from './errors.ts'
export type { Llm, LlmInfo, Reply } from './llm.ts'
export { type LoadOptions, load } from './load.ts'
export type { ModelFile, ModelSource } from './model-source.ts'
