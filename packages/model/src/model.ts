/** A loaded model: weights on a backend, and the step from token ids to logits. */
import { type Backend, readFloat32, type Tensor, type Workspace, writeTensor } from '@octoscale/tensor'
import type { Limits, Network } from './architectures/architecture.ts'
import { Cache } from './cache.ts'
import type { ModelConfig } from './config/model-config.ts'
import { ContextLengthError, DisposedError, OptionError } from './errors.ts'
import { nextTask } from './event-loop.ts'

export interface ModelInfo {
  /** `model_type` of config.json. */
  readonly architecture: string
  /** Elements of all loaded tensors; scales, cache and skipped tensors are not counted. */
  readonly parameters: number
  /** Backend memory of the weights, with scales and tables. */
  readonly bytes: number
  /** Backend memory of the activations. */
  readonly workspaceBytes: number
  /** Backend memory of a cache, per position. */
  readonly cacheBytesPerToken: number
  /** Positions of the longest sequence, as loaded (`maxContext`). */
  readonly contextLength: number
  /** Tokens computed at once, as loaded (`maxBatch`). */
  readonly batch: number
  /** Multi-token-prediction layers: the forward pass does not use them, so they are not loaded. */
  readonly mtp: {
    readonly layers: number
    readonly skippedTensors: readonly string[]
    readonly skippedBytes: number
  }
  /** Tensors left out because they follow from others. */
  readonly derivedTensors: readonly string[]
}

export interface ForwardOptions {
  /** At least one id, each in `0 .. vocabulary - 1`. */
  readonly ids: readonly number[]
  /** Position of the first id; what the cache holds before it is used, what it holds from there on is forgotten. */
  readonly start: number
  readonly cache: Cache
  /** Logits of the last id, or of all. */
  readonly logits: 'last' | 'all'
  /** Looked at between pieces of a long prompt. */
  readonly signal?: AbortSignal | undefined
}

/** Made by `loadModel`. Calls may overlap: they run one after the other, in the order they were made. */
export class Model {
  readonly config: ModelConfig
  readonly info: ModelInfo
  readonly #backend: Backend
  readonly #network: Network
  readonly #workspace: Workspace
  readonly #limits: Limits
  readonly #onDispose: () => void
  readonly #caches = new WeakSet<Cache>()
  #queue: Promise<unknown> = Promise.resolve()
  #disposed = false

  /** For the use of `loadModel`. */
  constructor(parts: {
    config: ModelConfig
    info: ModelInfo
    backend: Backend
    network: Network
    workspace: Workspace
    limits: Limits
    onDispose: () => void
  }) {
    this.config = parts.config
    this.info = parts.info
    this.#backend = parts.backend
    this.#network = parts.network
    this.#workspace = parts.workspace
    this.#limits = parts.limits
    this.#onDispose = parts.onDispose
  }

  /**
   * Memory for one sequence of up to `capacity` positions; default the model's context length.
   * Throws `OptionError`, `OutOfMemoryError`, `DisposedError`.
   */
  createCache(capacity: number = this.#limits.contextLength): Cache {
    this.#assertUsable()
    const max = this.#limits.contextLength
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > max) {
      throw new OptionError({ option: 'capacity', expected: `an integer in 1 .. ${max}`, got: capacity })
    }
    const cache = new Cache(this.#backend, this.#network.cache, capacity)
    this.#caches.add(cache)
    return cache
  }

  /**
   * Runs `ids` at positions `start ..`, in pieces of at most `info.batch` tokens, and fills the cache.
   * Returns logits, `[vocabulary]` for `'last'`, `[ids.length, vocabulary]` row-major for `'all'`; the caller owns them.
   *
   * Throws `OptionError` for bad ids or start, `ContextLengthError`, `DisposedError`, `signal.reason`, and what the
   * backend throws. After an error the cache holds what was there before `start`.
   */
  async forward(options: ForwardOptions): Promise<Float32Array> {
    const result = this.#queue.then(() => this.#forward(options))
    this.#queue = result.catch(() => {})
    return result
  }

  /** Gives the memory of weights and activations back; caches and the backend are the caller's. Safe to call twice. */
  dispose(): void {
    if (this.#disposed) return
    this.#disposed = true
    this.#onDispose()
  }

  async #forward({ ids, start, cache, logits, signal }: ForwardOptions): Promise<Float32Array> {
    this.#check(ids, start, cache)
    const { batch, logitRows } = this.#limits
    const vocabulary = this.config.vocabularySize
    const result = new Float32Array(logits === 'all' ? ids.length * vocabulary : vocabulary)
    cache.truncate(start)
    try {
      for (let done = 0; done < ids.length; done += batch) {
        await nextTask()
        signal?.throwIfAborted()
        this.#assertUsable()
        const piece = ids.slice(done, done + batch)
        const last = done + piece.length === ids.length
        const firstRow = logits === 'all' ? 0 : last ? piece.length - 1 : piece.length
        this.#runLayers(piece, start + done, cache.tensors)
        for (let row = firstRow; row < piece.length; row += logitRows) {
          const rows = Math.min(logitRows, piece.length - row)
          const values = await this.#runHead(piece.length, row, rows, cache.tensors)
          result.set(values, logits === 'all' ? (done + row) * vocabulary : 0)
        }
        // Nothing of this piece was read: without waiting, a GPU would be given the whole prompt, and `signal` come too late.
        if (firstRow === piece.length) await this.#backend.read(this.#workspace.take('ids', 1).buffer, 0, 4)
        cache.append(piece)
      }
    } catch (error) {
      cache.truncate(start)
      throw error
    }
    return result
  }

  #runLayers(ids: readonly number[], start: number, caches: readonly Tensor[]): void {
    const tokens = ids.length
    const positions = Int32Array.from({ length: tokens }, (_, i) => start + i)
    writeTensor(this.#backend, this.#workspace.take('ids', tokens), Int32Array.from(ids))
    writeTensor(this.#backend, this.#workspace.take('positions', tokens), positions)
    this.#network.forward({ ops: this.#backend.ops, workspace: this.#workspace, tokens, caches })
  }

  /** Logits of `rows` tokens from `row` on, `[rows, vocabulary]`, of the piece that just ran. */
  async #runHead(
    tokens: number,
    row: number,
    rows: number,
    caches: readonly Tensor[],
  ): Promise<Float32Array> {
    this.#assertUsable()
    const indices = Int32Array.from({ length: rows }, (_, i) => row + i)
    writeTensor(this.#backend, this.#workspace.take('rows', rows), indices)
    this.#network.head({ ops: this.#backend.ops, workspace: this.#workspace, tokens, caches }, rows)
    return readFloat32(this.#backend, this.#workspace.take('logits', rows))
  }

  #check(ids: readonly number[], start: number, cache: Cache): void {
    this.#assertUsable()
    if (!this.#caches.has(cache)) {
      throw new OptionError({ option: 'cache', expected: 'one that this model created', got: 'another' })
    }
    const held = cache.ids.length
    if (!Number.isInteger(start) || start < 0 || start > held) {
      throw new OptionError({
        option: 'start',
        expected: `in 0 .. ${held}, what the cache holds`,
        got: start,
      })
    }
    if (ids.length === 0) throw new OptionError({ option: 'ids', expected: 'at least one token', got: [] })
    const end = start + ids.length
    if (end > cache.capacity) throw new ContextLengthError({ limit: cache.capacity, got: end })
    const vocabulary = this.config.vocabularySize
    const bad = ids.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= vocabulary)
    if (bad >= 0) {
      throw new OptionError({
        option: `ids[${bad}]`,
        expected: `an integer in 0 .. ${vocabulary - 1}`,
        got: ids[bad],
      })
    }
  }

  #assertUsable(): void {
    if (this.#disposed) throw new DisposedError('model')
  }
}
