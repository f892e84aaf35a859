/** What chat and plain text generation have in common. */
import { OptionError, type SamplingOptions } from '@octoscale/model'
import type { GenerationDefaults } from './generation-config.ts'

/** How tokens are chosen: default what the model's `generation_config.json` says. Temperature 0 is greedy. */
export interface GenerationOptions extends SamplingOptions {
  /** Tokens to generate at most; default: until the context is full. */
  readonly maxTokens?: number
  /** Texts that end the answer; they are not part of it. */
  readonly stop?: string | readonly string[]
  /** Ends the answer early: the iteration and `result()` then throw `signal.reason`. */
  readonly signal?: AbortSignal
}

/** Who guesses: the model's own layer for it (MTP), or what stands in the text already. */
export type Speculation = 'mtp' | 'prompt-lookup'

export interface Usage {
  readonly promptTokens: number
  /** Of these, tokens that earlier requests had left in the cache. */
  readonly cachedTokens: number
  readonly completionTokens: number
  /** Of these, tokens of thinking, without the markers around it. */
  readonly thinkingTokens: number
  /** With `speculation`: tokens that were guessed, and those of them that were right. Else 0. */
  readonly draftedTokens: number
  readonly acceptedTokens: number
  /** From the call to the first token, waiting for others included. */
  readonly prefillMilliseconds: number
  /** From the first token to the last. */
  readonly decodeMilliseconds: number
}

/** The caller's wishes over the makers'. */
export function samplingOf(options: SamplingOptions, defaults: GenerationDefaults): SamplingOptions {
  const { temperature = defaults.temperature, topK = defaults.topK, topP = defaults.topP } = options
  const { minP, repetitionPenalty, presencePenalty, frequencyPenalty, logitBias, seed } = options
  const rest = { minP, repetitionPenalty, presencePenalty, frequencyPenalty, logitBias, seed }
  return { temperature, topK, topP, ...rest }
}

/** Throws `OptionError`. */
export function stopStrings(stop: GenerationOptions['stop']): readonly string[] {
  const stops = stop === undefined ? [] : typeof stop === 'string' ? [stop] : stop
  for (const text of stops) {
    if (typeof text !== 'string' || text === '') {
      throw new OptionError({ option: 'stop', expected: 'non-empty text', got: text })
    }
  }
  return stops
}
