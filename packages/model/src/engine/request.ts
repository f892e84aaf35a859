/** What goes into the engine and what comes out of it. */
import type { LogProbabilities } from '../log-probabilities.ts'
import type { Sampler } from '../sampler.ts'
import type { SamplingOptions } from '../sampling-options.ts'
import type { Drafter } from './drafter.ts'
import type { LogitsProcessor } from './logits-processor.ts'
import type { ThinkingOptions } from './thinking-budget.ts'

export interface EngineRequest {
  /** Token ids, at least one. */
  readonly prompt: readonly number[]
  /** Tokens to generate at most; default: until the context is full. */
  readonly maxTokens?: number | undefined
  /** Ids that end the text; default the config's `eos_token_id`. */
  readonly stopIds?: Iterable<number> | undefined
  /** How tokens are chosen, or a function that chooses them. Default greedy. */
  readonly sampling?: SamplingOptions | Sampler | undefined
  /** With each token its log-probability, and those of this many best ones, 0 .. 100. Left out: none. */
  readonly logProbabilities?: number | undefined
  /** Has its say before each token is chosen. Of this request alone. */
  readonly processor?: LogitsProcessor | undefined
  /** Guesses what comes next, for speculative decoding: the text is the same with it. */
  readonly drafter?: Drafter | undefined
  /** Counts thinking tokens, and may limit them. */
  readonly thinking?: ThinkingOptions | undefined
  /** Text of the next id (that is no stop id); keeps what it needs of the ids before. Of this request alone. */
  readonly decode?: ((id: number) => string) | undefined
  /** Texts that end the answer, not part of it; need `decode`. Not searched in thinking. */
  readonly stop?: readonly string[] | undefined
  /** Ends the request at once: the iteration throws `signal.reason`. */
  readonly signal?: AbortSignal | undefined
}

/** The first event, once the prompt is computed. */
export interface StartEvent {
  readonly type: 'start'
  readonly promptTokens: number
  /** Of these, tokens that were in the cache. */
  readonly cachedTokens: number
}

export interface TokenEvent extends ChosenToken {
  /** Guessed by the drafter until now, and of these those that were right. */
  readonly draftedTokens: number
  readonly acceptedTokens: number
}

/** A token without what is known of its step. */
export interface ChosenToken {
  readonly type: 'token'
  readonly id: number
  /** Counts from 0. */
  readonly index: number
  /** What may be shown now of `decode`'s text: nothing that a stop string could begin in. '' without `decode`. */
  readonly text: string
  /** Belongs to a thinking block, or is one of its markers. */
  readonly thinking: boolean
  /** Where asked for, and the token was not forced. */
  readonly logProbabilities?: LogProbabilities | undefined
}

export interface FinishEvent {
  readonly type: 'finish'
  /** `stop`: a stop id, or a stop string; `length`: maxTokens or the context is reached. */
  readonly reason: 'stop' | 'length'
  /** The stop string that came. */
  readonly stop: string | undefined
  /** Text that was held back and turned out to be none of the stop strings. */
  readonly text: string
  readonly usage: EngineUsage
}

/** `start`, tokens, `finish`. */
export type EngineEvent = StartEvent | TokenEvent | FinishEvent

export interface EngineUsage {
  readonly promptTokens: number
  /** Of these, tokens that were in the cache from other requests or earlier turns. */
  readonly cachedTokens: number
  /** With the stop id, and with what was forced. */
  readonly generatedTokens: number
  readonly thinkingTokens: number
  /** Guessed by the drafter, and of these those that were right. */
  readonly draftedTokens: number
  readonly acceptedTokens: number
  /** Steps that gave tokens: `generatedTokens / steps` is the mean accepted length, 1 without drafts. */
  readonly steps: number
  /** How often it had to give its memory to others and was computed again. */
  readonly preemptions: number
  /** From `submit` to the first token, waiting included. */
  readonly firstTokenMilliseconds: number
  /** From the first token to the last; undefined for a single one. */
  readonly tokensPerSecond: number | undefined
}
