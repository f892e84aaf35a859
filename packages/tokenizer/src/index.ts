/** Tokenizers from tokenizer.json and GGUF, and chat formats in both directions. */

export { ChatError } from './chat/chat-error.ts'
export { renderCompletion, renderCompletionSegments } from './chat/completion.ts'
export { createSegmentDecoder, encodeChat, encodeSegments, type SegmentDecoder } from './chat/encode.ts'
export { MARKERS, type Marker } from './chat/markers.ts'
export { type ChatParser, createChatParser, createFencedChatParser, parseChat } from './chat/parser.ts'
export type { ChatEvent, ChatParserOptions, ParsedMessage } from './chat/parser-types.ts'
export { pythonJson } from './chat/python-json.ts'
export { renderChat, renderChatSegments } from './chat/render.ts'
export type {
  AssistantMessage,
  ChatMessage,
  ChatSegment,
  RenderOptions,
  SystemMessage,
  ToolCall,
  ToolCallInput,
  ToolDefinition,
  ToolMessage,
  UserMessage,
} from './chat/types.ts'
export {
  GgufVocabularyError,
  OffsetsUnavailableError,
  TokenizerCacheError,
  TokenizerFileError,
  TokenizerOptionError,
  UnsupportedTokenizerError,
} from './errors.ts'
export { type ChatFormat, ChatPrompt, type FillInMiddle, type FormatOptions } from './formats/format.ts'
export { chatFormats } from './formats/index.ts'
export type { GgufMetadata } from './gguf/metadata.ts'
export { ChatTemplateError } from './jinja/chat-template-error.ts'
export { type JinjaFormatOptions, jinjaFormat } from './jinja/jinja-format.ts'
export type { JinjaLibrary } from './jinja/limited-template.ts'
export type { TemplateLimits } from './jinja/template-limits.ts'
export { createDsmlParser } from './parsers/dsml.ts'
export { createHarmonyParser, harmonyMarkers } from './parsers/harmony.ts'
export { createHermesParser, hermesMarkers } from './parsers/hermes.ts'
export { createLlama3Parser, llama3Markers } from './parsers/llama3.ts'
export { createPlainParser } from './parsers/plain.ts'
export type { AddedToken } from './pipeline/added-tokens.ts'
export type { DecodeOptions, IdDecoder, TextCodec } from './pipeline/types.ts'
export type { FileContent, TokenizerFiles } from './tokenizer/files.ts'
export type { Encoding } from './tokenizer/offsets.ts'
export type { SpecialToken, SpecialTokenRole, TokenizerConfig } from './tokenizer/special-tokens.ts'
export { StreamDecoder } from './tokenizer/stream-decoder.ts'
export {
  type EncodeOptions,
  type OffsetOptions,
  Tokenizer,
  tokenizerFromJson,
} from './tokenizer/tokenizer.ts'
export type { TruncationOptions } from './tokenizer/truncate.ts'
