/** A loaded model: weights on a backend, and the step from token ids to logits. */
import { type Backend, readFloat32, type Workspace, writeTensor } from '@octoscale/tensor'
import type { Limits, Network, Step } from './architectures/architecture.ts'
import { Cache } from './cache.ts'
import type { CacheType } from './cache-type.ts'
import type { Converted } from './checkpoint/stored-weights.ts'
import type { ModelConfig } from './config/model-config.ts'
import { PagedCache } from './engine/paged-cache.ts'
import type { PageCopy } from './engine/sequence.ts'
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
  /** As loaded. */
  readonly cacheType: CacheType
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
  /** Matrices of quantised GGUF types, held without loss as i8 codes with scales. */
  readonly integerCodes: Converted
  /** Other tensors of quantised GGUF types, held as f32. */
  readonly dequantized: Converted
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

/** One forward pass over tokens of several sequences, in any mixture of prompts and single tokens. */
export interface StepOptions {
  readonly cache: PagedCache
  /** `[tokens]`, each in `0 .. vocabulary - 1`; at most `info.batch`. */
  readonly ids: Int32Array
  /** `[tokens]`: where in its sequence each token stands. What stands before it is computed, or is in this step. */
  readonly positions: Int32Array
  /** `[tokens]`: the slot of the page table that is the sequence's. */
  readonly slots: Int32Array
  /** Tokens whose logits are wanted, as indices into `ids`. */
  readonly rows: Int32Array
  /** Done first, in order. */
  readonly copies?: readonly PageCopy[] | undefined
}

/** What the multi-token-prediction layer is asked after a step. */
export interface PredictOptions {
  /** `[tokens]`: the id that follows each token of the step in its text. */
  readonly nextIds: Int32Array
  /** Tokens whose logits of the token after the next are wanted. */
  readonly rows: Int32Array
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
  readonly #caches = new WeakSet<Cache | PagedCache>()
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
    const cache = new Cache(this.#backend, this.#network.cache, capacity, this.#limits.cacheType)
    this.#caches.add(cache)
    return cache
  }

  /**
   * A cache that `slots` sequences share in pages of `pageSize` positions. Throws `OptionError`, `OutOfMemoryError`,
   * `DisposedError`.
   */
  createPagedCache(options: { pages: number; pageSize: number; slots: number }): PagedCache {
    this.#assertUsable()
    const { contextLength, batch, cacheType: type } = this.#limits
    for (const option of ['pages', 'pageSize', 'slots'] as const) {
      const got = options[option]
      if (!Number.isSafeInteger(got) || got < 1) {
        throw new OptionError({ option, expected: 'an integer >= 1', got })
      }
    }
    const pagesPerSlot = Math.min(options.pages, Math.ceil(contextLength / options.pageSize))
    const cache = new PagedCache(this.#backend, this.#network.cache, {
      ...options,
      pagesPerSlot,
      batch,
      type,
    })
    this.#caches.add(cache)
    return cache
  }

  /**
   * Runs one step of several sequences. Returns the logits of `rows`, `[rows.length, vocabulary]` row-major; the caller
   * owns them. Throws `OptionError`, `DisposedError` and what the backend throws (`IndexError` for a page or slot that
   * is none); then what the pages of these tokens hold is not known.
   */
  async step(options: StepOptions): Promise<Float32Array> {
    const result = this.#queue.then(() => this.#step(options))
    this.#queue = result.catch(() => {})
    return result
  }

  /**
   * `step`, and then the multi-token-prediction layer over the same tokens: `next` gets the step's logits, and says what
   * follows each token. Returns the logits of the token after the next, for the rows that `next` names. Throws as `step`
   * does, what `next` throws, and `OptionError` for a model that was not loaded with `mtp: true`.
   */
  async stepAndPredict(
    options: StepOptions,
    next: (logits: Float32Array) => PredictOptions,
  ): Promise<Float32Array> {
    const result = this.#queue.then(() => this.#stepAndPredict(options, next))
    this.#queue = result.catch(() => {})
    return result
  }

  /** Whether the multi-token-prediction layer was loaded. */
  get hasMtp(): boolean {
    return this.#network.mtp !== undefined
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
        const positions = Int32Array.from(piece, (_, i) => start + done + i)
        const step = this.#runLayers(Int32Array.from(piece), positions, { caches: cache.tensors })
        for (let row = firstRow; row < piece.length; row += logitRows) {
          const rows = Int32Array.from({ length: Math.min(logitRows, piece.length - row) }, (_, i) => row + i)
          result.set(await this.#runHead(step, rows), logits === 'all' ? (done + row) * vocabulary : 0)
        }
        // Nothing of this piece was read: without waiting, a GPU would be given the whole prompt, and `signal` come too late.
        if (firstRow === piece.length) await this.#wait()
        cache.append(piece)
      }
    } catch (error) {
      cache.truncate(start)
      throw error
    }
    return result
  }

  async #step(options: StepOptions): Promise<Float32Array> {
    const step = this.#runStep(options)
    return step === undefined ? new Float32Array(0) : this.#readRows(step, options.rows)
  }

  async #stepAndPredict(
    options: StepOptions,
    next: (logits: Float32Array) => PredictOptions,
  ): Promise<Float32Array> {
    const { mtp } = this.#network
    if (mtp === undefined) {
      throw new OptionError({ option: 'mtp', expected: 'true when the model is loaded', got: undefined })
    }
    const step = this.#runStep(options)
    if (step === undefined) return new Float32Array(0)
    const { nextIds, rows } = next(await this.#readRows(step, options.rows))
    this.#assertUsable()
    const { length } = options.ids
    if (nextIds.length !== length) {
      throw new OptionError({
        option: 'nextIds',
        expected: `of length ${length}, as ids`,
        got: nextIds.length,
      })
    }
    expectAll('nextIds', nextIds, this.config.vocabularySize)
    expectAll('rows', rows, length)
    writeTensor(this.#backend, this.#workspace.take('mtpIds', length), nextIds)
    mtp.forward(step)
    return this.#readRows(step, rows)
  }

  /** Undefined when there is no token, and so nothing to compute. */
  #runStep({ cache, ids, positions, slots, rows, copies = [] }: StepOptions): Step | undefined {
    this.#checkStep(cache, ids, positions, slots, rows)
    const caches = cache.tensors
    for (const { from, to } of copies) cache.copyPage(this.#backend.ops, from, to)
    if (ids.length === 0) return undefined
    cache.setSequences(slots)
    return this.#runLayers(ids, positions, { caches, paging: cache.paging(ids.length) })
  }

  /** Logits of `rows`, in pieces of what the workspace takes; waits for the backend also when there are none. */
  async #readRows(step: Step, rows: Int32Array): Promise<Float32Array> {
    const { logitRows } = this.#limits
    if (rows.length === 0) await this.#wait()
    // The usual case copies nothing.
    if (rows.length <= logitRows) return rows.length === 0 ? new Float32Array(0) : this.#runHead(step, rows)
    const vocabulary = this.config.vocabularySize
    const result = new Float32Array(rows.length * vocabulary)
    for (let row = 0; row < rows.length; row += logitRows) {
      result.set(await this.#runHead(step, rows.subarray(row, row + logitRows)), row * vocabulary)
    }
    return result
  }

  #runLayers(ids: Int32Array, positions: Int32Array, where: Pick<Step, 'caches' | 'paging'>): Step {
    const tokens = ids.length
    writeTensor(this.#backend, this.#workspace.take('ids', tokens), ids)
    writeTensor(this.#backend, this.#workspace.take('positions', tokens), positions)
    const step: Step = { ops: this.#backend.ops, workspace: this.#workspace, tokens, ...where }
    this.#network.forward(step)
    return step
  }

  /** Logits of the tokens that `rows` names, `[rows, vocabulary]`, of the step that just ran. */
  async #runHead(step: Step, rows: Int32Array): Promise<Float32Array> {
    this.#assertUsable()
    writeTensor(this.#backend, this.#workspace.take('rows', rows.length), rows)
    this.#network.head(step, rows.length)
    return readFloat32(this.#backend, this.#workspace.take('logits', rows.length))
  }

  /** Until the backend has done all that was asked of it. */
  async #wait(): Promise<void> {
    await this.#backend.read(this.#workspace.take('ids', 1).buffer, 0, 4)
  }

  #checkStep(cache: PagedCache, ids: Int32Array, ...lists: Int32Array[]): void {
    this.#assertUsable()
    this.#checkCache(cache)
    const [positions, slots, rows] = lists as [Int32Array, Int32Array, Int32Array]
    const { batch, contextLength } = this.#limits
    if (ids.length > batch) {
      throw new OptionError({ option: 'ids', expected: `at most ${batch} tokens`, got: ids.length })
    }
    if (positions.length !== ids.length || slots.length !== ids.length) {
      const got = [positions.length, slots.length]
      throw new OptionError({ option: 'positions, slots', expected: `of length ${ids.length}, as ids`, got })
    }
    expectAll('ids', ids, this.config.vocabularySize)
    expectAll('positions', positions, contextLength)
    expectAll('slots', slots, cache.sizes.slots)
    expectAll('rows', rows, ids.length)
  }

  #checkCache(cache: Cache | PagedCache): void {
    if (this.#caches.has(cache)) return
    throw new OptionError({ option: 'cache', expected: 'one that this model created', got: 'another' })
  }

  #check(ids: readonly number[], start: number, cache: Cache): void {
    this.#assertUsable()
    this.#checkCache(cache)
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

function expectAll(option: string, values: Int32Array, limit: number): void {
  const bad = values.findIndex((value) => value < 0 || value >= limit)
  if (bad < 0) return
  throw new OptionError({ option: `${option}[${bad}]`, expected: `in 0 .. ${limit - 1}`, got: values[bad] })
}
