/** Text, token by token. */
import { type Cache, reusablePrefix } from './cache.ts'
import type { LogitsProcessor } from './engine/logits-processor.ts'
import { ContextLengthError, OptionError } from './errors.ts'
import type { Model } from './model.ts'
import { greedy, type Sampler } from './sampler.ts'

export interface GenerateOptions {
  /** Token ids, at least one. */
  readonly prompt: readonly number[]
  /** Tokens to generate at most; default: until the context is full. */
  readonly maxTokens?: number | undefined
  /** Ids that end the text; default the config's `eos_token_id`. */
  readonly stopIds?: Iterable<number> | undefined
  /** Default `greedy`. */
  readonly sampler?: Sampler | undefined
  /**
   * Cache to use and to keep. What it holds of the prompt is not computed again, so give the same one for the
   * next turn of a conversation, but not to two calls at once. Left out: one is made, and given back at the end.
   */
  readonly cache?: Cache | undefined
  /** Has its say before each token is chosen: a grammar, for example. Of this call alone. */
  readonly processor?: LogitsProcessor | undefined
  /** Stops before the next token, and between the pieces of a long prompt. */
  readonly signal?: AbortSignal | undefined
}

export interface GeneratedToken {
  readonly id: number
  /** Counts from 0. */
  readonly index: number
  /** On the last token only: `stop`, its id is one of `stopIds`; `length`, maxTokens or the context is reached. */
  readonly finishReason?: 'stop' | 'length'
}

/** Caches that a `generate` is working on: a second one would overwrite what the first relies on. */
const inUse = new WeakSet<Cache>()

/**
 * Generates up to and including a stop id. The consumer may leave the loop at any time.
 *
 * Throws `ContextLengthError` when the prompt does not fit, `OptionError`, `signal.reason` when aborted, and what
 * the model and the sampler throw.
 */
export async function* generate(
  model: Model,
  options: GenerateOptions,
): AsyncGenerator<GeneratedToken, void> {
  const { prompt, sampler = greedy, processor, signal } = options
  const capacity = options.cache?.capacity ?? model.info.contextLength
  const limit = tokenLimit(prompt, capacity, options.maxTokens)
  const cache = options.cache ?? model.createCache(Math.min(capacity, prompt.length + limit))
  if (inUse.has(cache)) {
    throw new OptionError({
      option: 'cache',
      expected: 'in use by one generate() at a time',
      got: 'a second',
    })
  }
  inUse.add(cache)
  try {
    const stopIds = new Set(options.stopIds ?? model.config.eosTokenIds)
    const text = [...prompt]
    let forced: number[] = []
    let start = reusablePrefix(cache, prompt)
    for (let index = 0; index < limit; index++) {
      const logits = await model.forward({ ids: text.slice(start), start, cache, logits: 'last', signal })
      signal?.throwIfAborted()
      if (forced.length === 0) forced = [...(processor?.forced?.() ?? [])]
      if (forced.length === 0) processor?.process(logits, text.slice(prompt.length))
      const id = forced.shift() ?? sampler(logits, text, index)
      processor?.accept?.(id)
      start = text.length
      text.push(id)
      if (stopIds.has(id)) {
        yield { id, index, finishReason: 'stop' }
        return
      }
      yield index + 1 === limit ? { id, index, finishReason: 'length' } : { id, index }
    }
  } finally {
    inUse.delete(cache)
    if (options.cache === undefined) cache.dispose()
  }
}

/** The last token needs no room: nothing is computed from it. */
function tokenLimit(prompt: readonly number[], capacity: number, maxTokens: number | undefined): number {
  if (prompt.length === 0)
    throw new OptionError({ option: 'prompt', expected: 'at least one token', got: [] })
  if (prompt.length > capacity) throw new ContextLengthError({ limit: capacity, got: prompt.length })
  const room = capacity - prompt.length + 1
  if (maxTokens === undefined) return room
  if (!Number.isInteger(maxTokens) || maxTokens < 1) {
    throw new OptionError({ option: 'maxTokens', expected: 'an integer >= 1', got: maxTokens })
  }
  return Math.min(maxTokens, room)
}
