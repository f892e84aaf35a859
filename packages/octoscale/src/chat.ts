/** One answer: from a conversation to events as they come, and a result at the end. */
import { type Drafter, type Engine, OptionError } from '@octoscale/model'
import type {
  ChatFormat,
  ChatMessage,
  ChatEvent as ParserEvent,
  Tokenizer,
  ToolCall,
  ToolDefinition,
} from '@octoscale/tokenizer'
import { Answer } from './answer.ts'
import type { Constraints, FormOptions, FormWarning } from './constraints.ts'
import type { GenerationDefaults } from './generation-config.ts'
import { type GenerationOptions, samplingOf, stopStrings, type Usage } from './generation-options.ts'
import { isThinkingMarker, thinkingOf } from './thinking.ts'

export interface ChatOptions extends GenerationOptions, FormOptions {
  /** The conversation so far. A string is one user message. */
  readonly messages: string | readonly ChatMessage[]
  /** Tools that the model may call; described as its chat format wants it. */
  readonly tools?: readonly ToolDefinition[]
  /** Let the model think first. Default false. */
  readonly thinking?: boolean
  /** Tokens of thinking after which it is ended, and the model answers with what it has. Default: no limit. */
  readonly thinkingBudget?: number
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
  /** What schemas of this request say and the answer need not follow; absent where there is nothing to say. */
  readonly warnings?: readonly FormWarning[]
}

export type ChatEvent =
  | Exclude<ParserEvent, { type: 'message' }>
  | { readonly type: 'finish'; readonly result: ChatResult }

/** Where an answer is computed. */
export interface ChatContext {
  readonly engine: Engine
  readonly tokenizer: Tokenizer
  readonly format: ChatFormat | undefined
  readonly generation: GenerationDefaults
  /** Makes what guesses for one text. */
  readonly drafter: (() => Drafter) | undefined
  /** Undefined without a format. */
  readonly constraints: Constraints | undefined
}

/** Streams one answer. The last event is `finish`. `stop` strings are searched in the text, not in thinking or calls. */
export async function* streamChat(
  context: ChatContext,
  options: ChatOptions,
): AsyncGenerator<ChatEvent, void> {
  const { engine, tokenizer, format, constraints, generation, drafter } = context
  const { thinking = false, maxTokens, signal } = options
  // A model that is not to call is not told of tools.
  const tools = options.toolChoice === 'none' ? undefined : options.tools
  const messages: readonly ChatMessage[] =
    typeof options.messages === 'string' ? [{ role: 'user', content: options.messages }] : options.messages
  signal?.throwIfAborted()
  if (format === undefined || constraints === undefined) {
    const expected = 'given to load(), as the chat format of this model is not known; or use generate()'
    throw new OptionError({ option: 'format', expected, got: format })
  }
  const prompt = format.render(messages, { tools, thinking })
  const block = thinkingOf(tokenizer, format, prompt, options.thinkingBudget)
  const form = constraints.processor(options, tools ?? [], thinking ? block : undefined)
  const parser = format.parser({ thinking: block?.open ?? false })
  const decoder = format.segmentDecoder(tokenizer)
  const answer = new Answer(stopStrings(options.stop))

  const startedAt = performance.now()
  let firstAt: number | undefined
  let lastAt = startedAt
  let completionTokens = 0
  let thinkingTokens = 0
  let cachedTokens = 0
  let drafts = { draftedTokens: 0, acceptedTokens: 0 }
  let reason: 'stop' | 'length' = 'stop'
  const ids = prompt.ids(tokenizer)
  const request = {
    prompt: ids,
    maxTokens,
    sampling: samplingOf(options, generation),
    thinking: block?.options,
    drafter: drafter?.(),
    processor: form?.processor,
    signal,
  }
  tokens: for await (const event of engine.submit(request)) {
    if (event.type === 'start') cachedTokens = event.cachedTokens
    if (event.type === 'finish') reason = event.reason
    if (event.type !== 'token') continue
    lastAt = performance.now()
    firstAt ??= lastAt
    completionTokens++
    drafts = { draftedTokens: event.draftedTokens, acceptedTokens: event.acceptedTokens }
    if (block !== undefined && event.thinking && !isThinkingMarker(block, event.id)) thinkingTokens++
    for (const segment of decoder.push(event.id)) {
      yield* answer.take(parser.push(segment))
      if (answer.stopped) break tokens
    }
  }
  if (!answer.stopped) {
    for (const segment of decoder.finish()) yield* answer.take(parser.push(segment))
    yield* answer.take(parser.finish())
    yield* answer.finish()
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
        promptTokens: ids.length,
        cachedTokens,
        completionTokens,
        thinkingTokens,
        ...drafts,
        prefillMilliseconds: (firstAt ?? lastAt) - startedAt,
        decodeMilliseconds: lastAt - (firstAt ?? lastAt),
      },
      ...(form === undefined || form.warnings.length === 0 ? {} : { warnings: form.warnings }),
    },
  }
}
