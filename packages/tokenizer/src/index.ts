/** Byte-level BPE from tokenizer.json, and the DeepSeek-V3.1 chat format both ways. */
export type { AddedToken } from './bpe/added-tokens.ts'
export { UnsupportedTokenizerError } from './bpe/errors.ts'
export type { StreamDecoder } from './bpe/stream-decoder.ts'
export { type DecodeOptions, type EncodeOptions, type Tokenizer, tokenizerFromJson } from './bpe/tokenizer.ts'
export { ChatError } from './chat/chat-error.ts'
export { renderCompletion, renderCompletionSegments } from './chat/completion.ts'
export { createSegmentDecoder, encodeChat, encodeSegments, type SegmentDecoder } from './chat/encode.ts'
export { MARKERS, type Marker } from './chat/markers.ts'
export { type ChatParser, createChatParser, parseChat } from './chat/parser.ts'
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
export { type ChatFormat, ChatPrompt, type FillInMiddle, type FormatOptions } from './formats/format.ts'
export { chatFormats } from './formats/index.ts'
export { createHermesParser, hermesMarkers } from './parsers/hermes.ts'
export { createLlama3Parser, llama3Markers } from './parsers/llama3.ts'
