// Declarations take it along: `Symbol.dispose` is in no library of TypeScript up to ES2024.
/// <reference lib="esnext.disposable" preserve="true" />
/** A loaded language model: chat, plain forward passes, and what there is to know of it. */
import {
  ContextLengthError,
  type Drafter,
  type Engine,
  type EngineStatus,
  type Model,
  type ModelInfo,
  promptLookup,
} from '@octoscale/model'
import type { Backend, BackendInfo } from '@octoscale/tensor'
import type { ChatFormat, Tokenizer } from '@octoscale/tokenizer'
import { type ChatEvent, type ChatOptions, type ChatResult, streamChat } from './chat.ts'
import {
  type CompletionEvent,
  type CompletionOptions,
  type CompletionResult,
  streamCompletion,
} from './completion.ts'
import { Constraints } from './constraints.ts'
import { StateError } from './errors.ts'
import type { GenerationDefaults } from './generation-config.ts'
import type { Speculation } from './generation-options.ts'
import { createReply, type Reply } from './reply.ts'

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
 * Made by `load()`. Calls may run at the same time: they share every forward pass, and what they have in common is computed
 * once, so that each turn of a conversation computes only what is new.
 */
export class Llm {
  readonly tokenizer: Tokenizer
  /** How conversations are written for this model; undefined for a base model, which can `generate` only. */
  readonly format: ChatFormat | undefined
  readonly info: LlmInfo
  readonly #model: Model
  readonly #engine: Engine
  readonly #generation: GenerationDefaults
  /** Makes what guesses for one text; undefined: nobody, or the model itself. */
  readonly #drafter: (() => Drafter) | undefined
  readonly #constraints: Constraints | undefined
  readonly #dispose: () => void
  #disposed = false

  /** For the use of `load`. */
  constructor(parts: {
    name: string
    model: Model
    engine: Engine
    tokenizer: Tokenizer
    format: ChatFormat | undefined
    generation: GenerationDefaults
    speculation: Speculation | undefined
    backend: Backend
    ownsBackend: boolean
    notice: string | undefined
    loadMilliseconds: number
  }) {
    const { name, model, tokenizer, format, backend, notice, loadMilliseconds } = parts
    this.tokenizer = tokenizer
    this.format = format
    this.info = { ...model.info, name, backend: backend.info, notice, loadMilliseconds }
    this.#model = model
    this.#engine = parts.engine
    this.#generation = parts.generation
    this.#drafter = parts.speculation === 'prompt-lookup' ? promptLookup : undefined
    this.#constraints = format && new Constraints(tokenizer, format, model.config.eosTokenIds)
    this.#dispose = parts.ownsBackend ? () => backend.dispose() : () => model.dispose()
  }

  /** What is running and waiting, and how much of the cache is in use. */
  get status(): EngineStatus {
    return this.#engine.status
  }

  /**
   * Answers a conversation. Throws, when the answer is read: `ChatError` for messages that make no conversation,
   * `OptionError`, `ContextLengthError`, `QueueFullError`, `StateError`, `signal.reason`.
   */
  chat(options: ChatOptions | string): Reply<ChatEvent, ChatResult> {
    const asked = typeof options === 'string' ? { messages: options } : options
    const { tokenizer, format } = this
    const context = {
      engine: this.#engine,
      tokenizer,
      format,
      generation: this.#generation,
      drafter: this.#drafter,
      constraints: this.#constraints,
    }
    return createReply(this.#whileLoaded(asked.signal, () => streamChat(context, asked)))
  }

  /**
   * Goes on with a text, without any chat format: for base models, filling gaps, evaluation. Throws, when it is read,
   * `OptionError`, `ContextLengthError`, `QueueFullError`, `StateError`, `signal.reason`.
   */
  generate(options: CompletionOptions | string): Reply<CompletionEvent, CompletionResult> {
    const asked = typeof options === 'string' ? { prompt: options } : options
    const context = {
      engine: this.#engine,
      tokenizer: this.tokenizer,
      generation: this.#generation,
      drafter: this.#drafter,
    }
    return createReply(this.#whileLoaded(asked.signal, () => streamCompletion(context, asked)))
  }

  /**
   * Logits after each of `ids`, `[ids.length, vocabulary]` row-major, for evaluation: nothing is cached. Throws
   * `ContextLengthError`, `OutOfMemoryError`, `StateError`, `signal.reason`.
   */
  async forward(
    ids: readonly number[],
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Float32Array> {
    const { contextLength } = this.info
    if (ids.length > contextLength) throw new ContextLengthError({ limit: contextLength, got: ids.length })
    const model = this.#model
    const steps = this.#whileLoaded(options.signal, async function* () {
      const cache = model.createCache(Math.max(1, ids.length))
      try {
        yield await model.forward({ ids, start: 0, cache, logits: 'all', signal: options.signal })
      } finally {
        cache.dispose()
      }
    })
    for await (const logits of steps) return logits
    throw new StateError('disposed')
  }

  /** Gives all memory back; answers that are being made end with `StateError`. Safe to call twice. */
  dispose(): void {
    if (this.#disposed) return
    this.#disposed = true
    this.#engine.dispose()
    this.#dispose()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  async *#whileLoaded<T>(
    signal: AbortSignal | undefined,
    run: () => AsyncGenerator<T, void>,
  ): AsyncGenerator<T, void> {
    if (this.#disposed) throw new StateError('disposed')
    try {
      yield* run()
    } catch (error) {
      // Where memory is gone anything fails, each backend in its own way; the reason is one.
      if (!this.#disposed) throw error
      throw signal?.aborted ? signal.reason : new StateError('disposed')
    }
  }
}
