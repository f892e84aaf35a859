/** One answer: from a conversation to events as they come, and a result at the end. */
import {
  type Cache,
  createSampler,
  generate,
  type Model,
  OptionError,
  reusablePrefix,
} from '@octoscale/model'
import {
  type ChatMessage,
  createChatParser,
  createSegmentDecoder,
  encodeChat,
  MARKERS,
  type ChatEvent as ParserEvent,
  type Tokenizer,
  type ToolCall,
  type ToolDefinition,
} from '@octoscale/tokenizer'
import { Answer } from './answer.ts'
import type { GenerationDefaults } from './generation-config.ts'

export interface ChatOptions {
  /** The conversation so far. A string is one user message. */
  readonly messages: string | readonly ChatMessage[]
  /** Tools that the model may call; described in the system text as V3.1 wants it. */
  readonly tools?: readonly ToolDefinition[]
  /** Let the model think first. Default false. */
  readonly thinking?: boolean
  /** Tokens to generate at most; default: until the context is full. */
  readonly maxTokens?: number
  /** 0 is greedy. Default: what the model's `generation_config.json` says. */
  readonly temperature?: number
  readonly topK?: number
  readonly topP?: number
  readonly minP?: number
  readonly repetitionPenalty?: number
  /** The same seed gives the same text. */
  readonly seed?: number
  /** Texts that end the answer; they are not part of it. Thinking and tool calls are not searched. */
  readonly stop?: string | readonly string[]
  /** Ends the answer early: the iteration and `result()` then throw `signal.reason`. */
  readonly signal?: AbortSignal
}

/** `stop`: the model was done, or a stop string came. `tool-calls`: it waits for tool results. `length`: no room left. */
export type FinishReason = 'stop' | 'tool-calls' | 'length'

export interface ChatResult {
  readonly role: 'assistant'
  readonly content: string
  readonly thinking: string
  readonly toolCalls: readonly ToolCall[]
  readonly finishReason: FinishReason
  readonly usage: Usage
}

export interface Usage {
  readonly promptTokens: number
  /** Of these, tokens that the previous turns had left in the cache. */
  readonly cachedTokens: number
  readonly completionTokens: number
  /** Of these, tokens of thinking, without the marker that ends it. */
  readonly thinkingTokens: number
  /** From the call to the first token. */
  readonly prefillMilliseconds: number
  /** From the first token to the last. */
  readonly decodeMilliseconds: number
}

export type ChatEvent =
  | Exclude<ParserEvent, { type: 'message' }>
  | { readonly type: 'finish'; readonly result: ChatResult }

/** Where an answer is computed. */
export interface ChatContext {
  readonly model: Model
  readonly tokenizer: Tokenizer
  readonly cache: Cache
  readonly generation: GenerationDefaults
}

/** Streams one answer. The last event is `finish`. */
export async function* streamChat(
  context: ChatContext,
  options: ChatOptions,
): AsyncGenerator<ChatEvent, void> {
  const { model, tokenizer, cache, generation } = context
  const { tools, thinking = false, maxTokens, signal } = options
  const messages: readonly ChatMessage[] =
    typeof options.messages === 'string' ? [{ role: 'user', content: options.messages }] : options.messages
  signal?.throwIfAborted()
  const prompt = encodeChat(tokenizer, messages, { tools, thinking })
  const sampler = createSampler({
    temperature: options.temperature ?? generation.temperature,
    topK: options.topK ?? generation.topK,
    topP: options.topP ?? generation.topP,
    ...(options.minP === undefined ? {} : { minP: options.minP }),
    ...(options.repetitionPenalty === undefined ? {} : { repetitionPenalty: options.repetitionPenalty }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  })

  // After a tool result the template opens no turn, so the model cannot be asked to think there.
  let isThinking = thinking && messages.at(-1)?.role !== 'tool'
  const parser = createChatParser({ thinking: isThinking })
  const decoder = createSegmentDecoder(tokenizer)
  const answer = new Answer(stopStrings(options.stop))

  const startedAt = performance.now()
  let firstAt = startedAt
  const cachedTokens = reusablePrefix(cache, prompt)
  let completionTokens = 0
  let thinkingTokens = 0
  let reason: 'stop' | 'length' = 'stop'

  tokens: for await (const token of generate(model, { prompt, maxTokens, sampler, cache, signal })) {
    if (completionTokens++ === 0) firstAt = performance.now()
    if (token.finishReason !== undefined) reason = token.finishReason
    if (token.finishReason === 'stop') break
    const segments = decoder.push(token.id)
    if (segments.some(({ control, text }) => control && text === MARKERS.thinkEnd)) isThinking = false
    if (isThinking) thinkingTokens++
    for (const segment of segments) {
      yield* answer.take(parser.push(segment))
      if (answer.stopped) break tokens
    }
  }
  const lastAt = performance.now()
  if (!answer.stopped) {
    for (const segment of decoder.finish()) yield* answer.take(parser.push(segment))
    yield* answer.take(parser.finish())
    yield* answer.finish()
  } else {
    reason = 'stop'
  }
  yield {
    type: 'finish',
    result: {
      role: 'assistant',
      content: answer.content,
      thinking: answer.thinking,
      toolCalls: answer.toolCalls,
      finishReason: answer.toolCalls.length > 0 && reason === 'stop' ? 'tool-calls' : reason,
      usage: {
        promptTokens: prompt.length,
        cachedTokens,
        completionTokens,
        thinkingTokens,
        prefillMilliseconds: firstAt - startedAt,
        decodeMilliseconds: lastAt - firstAt,
      },
    },
  }
}

function stopStrings(stop: ChatOptions['stop']): readonly string[] {
  const stops = stop === undefined ? [] : typeof stop === 'string' ? [stop] : stop
  for (const text of stops) {
    if (typeof text !== 'string' || text === '') {
      throw new OptionError({ option: 'stop', expected: 'non-empty text', got: text })
    }
  }
  return stops
}
