/** Counts and times of an answer, as clients read them. Only what the engine counted. */
import type { Usage } from 'octoscale'

export interface WireUsage {
  readonly prompt_tokens: number
  readonly completion_tokens: number
  readonly total_tokens: number
  readonly prompt_tokens_details: { readonly cached_tokens: number }
  readonly completion_tokens_details: {
    readonly reasoning_tokens: number
    readonly accepted_prediction_tokens: number
    readonly rejected_prediction_tokens: number
  }
}

export function wireUsage(usage: Usage): WireUsage {
  const { promptTokens, cachedTokens, completionTokens, thinkingTokens, draftedTokens, acceptedTokens } =
    usage
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
    completion_tokens_details: {
      reasoning_tokens: thinkingTokens,
      accepted_prediction_tokens: acceptedTokens,
      rejected_prediction_tokens: draftedTokens - acceptedTokens,
    },
  }
}

/** As llama.cpp has it; rates are tokens in a second, null where nothing was timed. */
export interface Timings {
  /** Tokens of the prompt that were in the cache. */
  readonly cache_n: number
  /** Tokens of the prompt that were computed. */
  readonly prompt_n: number
  /** To the first token. */
  readonly prompt_ms: number
  readonly prompt_per_second: number | null
  readonly predicted_n: number
  /** From the first token to the last, which is the time of `predicted_n - 1` tokens. */
  readonly predicted_ms: number
  readonly predicted_per_second: number | null
}

export function timingsOf(usage: Usage): Timings {
  const computed = usage.promptTokens - usage.cachedTokens
  return {
    cache_n: usage.cachedTokens,
    prompt_n: computed,
    prompt_ms: usage.prefillMilliseconds,
    prompt_per_second: rate(computed, usage.prefillMilliseconds),
    predicted_n: usage.completionTokens,
    predicted_ms: usage.decodeMilliseconds,
    predicted_per_second: rate(usage.completionTokens - 1, usage.decodeMilliseconds),
  }
}

function rate(tokens: number, milliseconds: number): number | null {
  return tokens > 0 && milliseconds > 0 ? (tokens / milliseconds) * 1000 : null
}
