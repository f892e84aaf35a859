/** What went wrong in an answer, as an error for the caller. */
import { ApiError } from './api-error.ts'

/**
 * Errors of the engine are known by their names and fields, so that an engine behind a worker or a process explains itself
 * too. Anything unknown is 500 and tells the caller nothing, since it may hold what other callers wrote.
 */
export function explainError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (!(error instanceof Error)) return internalError(error)
  const facts = error as Error & Readonly<Record<string, unknown>>
  if (error.name === 'ContextLengthError') {
    const { limit, got } = facts
    return new ApiError({
      status: 400,
      code: 'context_length_exceeded',
      param: 'messages',
      message: `This model's maximum context length is ${limit} tokens, but your messages and tools have ${got} tokens: shorten them, or start the server with a larger --context`,
      cause: error,
    })
  }
  if (error.name === 'ChatError') {
    return badField(wirePath(facts.index, String(facts.field)), facts, error)
  }
  const option = error.name === 'OptionError' ? wireOptions.get(String(facts.option)) : undefined
  if (option !== undefined) return badField(option, facts, error)
  if (error.name === 'EmptyGrammarError' || error.name === 'GrammarLimitError') {
    // Made of the caller's own schemas.
    return new ApiError({ status: 400, param: 'response_format', message: error.message, cause: error })
  }
  if (error.name === 'StateError' || error.name === 'DisposedError') {
    return new ApiError({
      status: 503,
      type: 'server_error',
      code: 'model_unavailable',
      message: 'the model is in other use, or was unloaded: try again later',
      headers: { 'Retry-After': '1' },
      cause: error,
    })
  }
  return internalError(error)
}

/** The names that a request gives to the engine's options. An `OptionError` of another option is no fault of the caller. */
const wireOptions: ReadonlyMap<string, string> = new Map([
  ['maxTokens', 'max_tokens'],
  ['temperature', 'temperature'],
  ['topK', 'top_k'],
  ['topP', 'top_p'],
  ['minP', 'min_p'],
  ['repetitionPenalty', 'repetition_penalty'],
  ['presencePenalty', 'presence_penalty'],
  ['frequencyPenalty', 'frequency_penalty'],
  ['logitBias', 'logit_bias'],
  ['thinkingBudget', 'thinking_budget'],
  ['toolChoice', 'tool_choice'],
  ['responseFormat', 'response_format'],
  ['seed', 'seed'],
  ['stop', 'stop'],
])

/** `toolCalls[0].name` of message 3 is `messages[3].tool_calls[0].function.name` on the wire. */
function wirePath(index: unknown, field: string): string {
  const path = field
    .replace(/^tools(\[\d+\])\./, 'tools$1.function.')
    .replace(/\btoolCalls(\[\d+\])\./, 'tool_calls$1.function.')
    .replace(/\btoolCalls\b/, 'tool_calls')
    .replace(/\btoolCallId\b/, 'tool_call_id')
  return typeof index === 'number' ? `messages[${index}].${path}` : path
}

function badField(param: string, facts: Readonly<Record<string, unknown>>, cause: Error): ApiError {
  const message = `${param} must be ${facts.expected}, got ${facts.got}`
  return new ApiError({ status: 400, param, message, cause })
}

function internalError(cause: unknown): ApiError {
  return new ApiError({
    status: 500,
    type: 'server_error',
    code: 'internal_error',
    message:
      'the server failed on this request; its request id (header x-request-id) is in the server output',
    cause,
  })
}
