// Declarations take it along: `Symbol.dispose` is in no library of TypeScript up to ES2024.
/// <reference lib="esnext.disposable" preserve="true" />
/** A loaded language model: chat, plain forward passes, and what there is to know of it. */
import { type Cache, ContextLengthError, type Model, type ModelInfo } from '@octoscale/model'
import type { Backend, BackendInfo } from '@octoscale/tensor'
import type { Tokenizer } from '@octoscale/tokenizer'
import { type ChatEvent, type ChatOptions, type ChatResult, streamChat } from './chat.ts'
import { StateError } from './errors.ts'
import type { GenerationDefaults } from './generation-config.ts'

/** Facts about a loaded model. */
export interface LlmInfo extends ModelInfo {
  /** Where it came from. */
  readonly name: string
  readonly backend: BackendInfo
  /** Why `backend: 'auto'` did not take the fastest backend; undefined when it did. */
  readonly notice: string | undefined
  readonly loadMilliseconds: number
}

/**
 * An answer that is being made. Iterate it for events as they come, or wait for `result()`, or both; it can be
 * iterated once. Nothing is computed before it is asked for. Leaving the loop ends the answer.
 */
export interface Reply extends AsyncIterable<ChatEvent> {
  /** The whole answer; runs the rest of it if nobody is iterating. */
  result(): Promise<ChatResult>
}

/** Made by `load()`. Answers one call at a time; the cache keeps a conversation, so that each turn computes only what is new. */
export class Llm {
  readonly tokenizer: Tokenizer
  readonly info: LlmInfo
  readonly #model: Model
  readonly #generation: GenerationDefaults
  readonly #cache: Cache
  readonly #dispose: () => void
  #busy = false
  #disposed = false

  /** For the use of `load`. */
  constructor(parts: {
    name: string
    model: Model
    cache: Cache
    tokenizer: Tokenizer
    generation: GenerationDefaults
    backend: Backend
    ownsBackend: boolean
    notice: string | undefined
    loadMilliseconds: number
  }) {
    const { name, model, tokenizer, backend, notice, loadMilliseconds } = parts
    this.tokenizer = tokenizer
    this.info = { ...model.info, name, backend: backend.info, notice, loadMilliseconds }
    this.#model = model
    this.#cache = parts.cache
    this.#generation = parts.generation
    this.#dispose = parts.ownsBackend ? () => backend.dispose() : () => model.dispose()
  }

  /**
   * Answers a conversation. Throws, when the answer is read: `ChatError` for messages that make no conversation,
   * `OptionError`, `ContextLengthError`, `StateError`, `signal.reason`.
   */
  chat(options: ChatOptions | string): Reply {
    const asked = typeof options === 'string' ? { messages: options } : options
    return createReply(this.#exclusive(asked.signal, (cache) => this.#stream(cache, asked)))
  }

  /** Logits after each of `ids`, `[ids.length, vocabulary]` row-major. Throws `ContextLengthError`, `StateError`. */
  async forward(
    ids: readonly number[],
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Float32Array> {
    const { contextLength } = this.info
    if (ids.length > contextLength) throw new ContextLengthError({ limit: contextLength, got: ids.length })
    const steps = this.#exclusive(options.signal, async function* (cache, model) {
      yield await model.forward({ ids, start: 0, cache, logits: 'all', signal: options.signal })
    })
    for await (const logits of steps) return logits
    throw new StateError('disposed')
  }

  /** Gives all memory back; an answer that is being made ends with `StateError`. Safe to call twice. */
  dispose(): void {
    if (this.#disposed) return
    this.#disposed = true
    this.#cache.dispose()
    this.#dispose()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  #stream(cache: Cache, options: ChatOptions): AsyncGenerator<ChatEvent, void> {
    return streamChat(
      { model: this.#model, tokenizer: this.tokenizer, cache, generation: this.#generation },
      options,
    )
  }

  /** Runs with the one cache, refusing a second use at the same time. */
  async *#exclusive<T>(
    signal: AbortSignal | undefined,
    run: (cache: Cache, model: Model) => AsyncGenerator<T, void>,
  ): AsyncGenerator<T, void> {
    if (this.#disposed) throw new StateError('disposed')
    if (this.#busy) throw new StateError('busy')
    this.#busy = true
    try {
      yield* run(this.#cache, this.#model)
    } catch (error) {
      // Where memory is gone anything fails, each backend in its own way; the reason is one.
      if (!this.#disposed) throw error
      throw signal?.aborted ? signal.reason : new StateError('disposed')
    } finally {
      this.#busy = false
    }
  }
}

function createReply(events: AsyncGenerator<ChatEvent, void>): Reply {
  const waiting: { resolve: (result: ChatResult) => void; reject: (reason: unknown) => void }[] = []
  let outcome: { result: ChatResult } | { reason: unknown } | undefined
  let started = false
  const conclude = (end: { result: ChatResult } | { reason: unknown }): void => {
    if (outcome !== undefined) return
    outcome = end
    for (const { resolve, reject } of waiting) {
      if ('result' in end) resolve(end.result)
      else reject(end.reason)
    }
  }
  async function* watched(): AsyncGenerator<ChatEvent, void> {
    try {
      for await (const event of events) {
        if (event.type === 'finish') conclude({ result: event.result })
        yield event
      }
    } catch (reason) {
      conclude({ reason })
      throw reason
    } finally {
      conclude({ reason: new DOMException('the reply was left before its end', 'AbortError') })
    }
  }
  return {
    [Symbol.asyncIterator]() {
      started = true
      return watched()
    },
    async result() {
      if (!started) {
        for await (const _ of this) {
          // The events are collected by the generator itself.
        }
      }
      if (outcome !== undefined) {
        if ('result' in outcome) return outcome.result
        throw outcome.reason
      }
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
      })
    },
  }
}
