/** From the body of a request to what the engine is asked, and how the answer is told. */
import type { ChatOptions } from 'octoscale'
import { ApiError } from '../api-error.ts'
import { toChatMessages } from './messages.ts'
import { parseChatRequest } from './request.ts'
import type { ChatRequest } from './request-types.ts'
import { requestedThinking } from './thinking.ts'
import { offeredTools } from './tool-choice.ts'
import { refuseUnsupported } from './unsupported.ts'

export interface ChatJob {
  readonly chat: ChatOptions
  readonly stream: boolean
  /** A stream ends with a chunk of usage. */
  readonly includeUsage: boolean
  /** Calls that the answer may hold: none if no tools are offered, one without `parallel_tool_calls`. */
  readonly maxCalls: number
}

/** Throws `ApiError` 400 for a request that is not valid or not supported, 404 for another model than `model`. */
export function parseChatJob(body: unknown, model: string): ChatJob {
  refuseUnsupported(body)
  const request = parseChatRequest(body)
  if (request.model != null && request.model !== model) throw modelNotFound(request.model, model)
  const { tools, ...choice } = offeredTools(request)
  return {
    chat: {
      messages: toChatMessages(request.messages),
      tools,
      ...choice,
      ...responseFormat(request),
      thinking: requestedThinking(request) ?? false,
      ...samplingOptions(request),
    },
    stream: request.stream ?? false,
    includeUsage: request.stream_options?.include_usage ?? false,
    maxCalls: tools.length === 0 ? 0 : request.parallel_tool_calls === false ? 1 : Number.POSITIVE_INFINITY,
  }
}

/** There is one model here, `available`. The asked name is cut: it comes from outside. */
export function modelNotFound(asked: string, available: string): ApiError {
  return new ApiError({
    status: 404,
    param: 'model',
    code: 'model_not_found',
    message: `The model ${JSON.stringify(asked.slice(0, 100))} does not exist here; there is ${JSON.stringify(available)}`,
  })
}

function samplingOptions(request: ChatRequest): Partial<ChatOptions> {
  const maxTokens = request.max_completion_tokens ?? request.max_tokens
  const { temperature, top_p: topP, top_k: topK, min_p: minP, repetition_penalty, seed, stop } = request
  const { presence_penalty, frequency_penalty, logit_bias: logitBias, thinking_budget } = request
  return {
    ...(maxTokens == null ? {} : { maxTokens }),
    ...(temperature == null ? {} : { temperature }),
    ...(topP == null ? {} : { topP }),
    ...(topK == null ? {} : { topK: Math.max(topK, 0) }),
    ...(minP == null ? {} : { minP }),
    ...(repetition_penalty == null ? {} : { repetitionPenalty: repetition_penalty }),
    ...(presence_penalty == null ? {} : { presencePenalty: presence_penalty }),
    ...(frequency_penalty == null ? {} : { frequencyPenalty: frequency_penalty }),
    ...(logitBias == null ? {} : { logitBias }),
    ...(thinking_budget == null ? {} : { thinkingBudget: thinking_budget }),
    ...(seed == null ? {} : { seed }),
    // Empty text is no stop string: some clients send it for "none".
    ...(stop == null || stop.length === 0 ? {} : { stop }),
  }
}

function responseFormat({ response_format: format }: ChatRequest): Pick<ChatOptions, 'responseFormat'> {
  if (format == null || format.type === 'text') return {}
  if (format.type !== 'json_schema') return { responseFormat: { type: 'json' } }
  const { schema } = format.json_schema
  return { responseFormat: { type: 'json', ...(schema == null ? {} : { schema }) } }
}
