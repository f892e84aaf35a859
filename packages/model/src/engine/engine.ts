/**
 * Serves any number of requests with one model: the texts that run share every forward pass, and cache pages by content.
 * What a request says never depends on the others but for the last bits of numbers, where a backend sums in another
 * order for another number of tokens (see the package's README).
 */
import { DisposedError, OptionError } from '../errors.ts'
import { nextTask } from '../event-loop.ts'
import type { Model } from '../model.ts'
import { type ActiveRequest, takeTokens, usageOf } from './active-request.ts'
import { EventChannel } from './event-channel.ts'
import { Generation } from './generation.ts'
import { MtpDrafts } from './mtp-drafts.ts'
import type { PagedCache } from './paged-cache.ts'
import { PrefixCache } from './prefix.ts'
import type { EngineEvent, EngineRequest } from './request.ts'
import { Scheduler } from './scheduler.ts'
import { type Piece, reachesEnd, type Sequence } from './sequence.ts'
import { StepInput } from './step-input.ts'

export interface EngineOptions {
  /** Positions of all texts together that the cache has room for; default one context of the model. */
  readonly cacheTokens?: number | undefined
  /**
   * Positions of a page, the unit in which cache memory is given out and shared. Default 64. CPU kernels sum attention in
   * blocks of 64 within pages: with a multiple of it numbers are the same bits as without pages.
   */
  readonly pageSize?: number | undefined
  /** Texts that run at once; default 16, at most the model's batch. */
  readonly maxSequences?: number | undefined
  /** Requests that may wait beside those; default 1024. */
  readonly maxWaiting?: number | undefined
  /**
   * Keep what is computed for requests that begin alike. Default true. The time to the first token then tells a caller
   * whether somebody else sent the same beginning.
   */
  readonly reusePrefixes?: boolean | undefined
  /**
   * Speculative decoding with the model's multi-token-prediction layer (loaded with `mtp: true`), for requests that bring
   * no drafter: it guesses one token in each step. Texts stay the same. Default false.
   */
  readonly mtp?: boolean | undefined
}

/** What an engine is doing. */
export interface EngineStatus {
  readonly running: number
  readonly waiting: number
  readonly pages: number
  /** Pages that requests hold. */
  readonly usedPages: number
  /** Pages that hold known text for later, and are given to whoever needs them. */
  readonly idlePages: number
  /** Forward passes so far. */
  readonly steps: number
  /** Backend memory of the cache. */
  readonly cacheBytes: number
}

/** Throws `OptionError` for an option out of its range, `OutOfMemoryError`, `DisposedError`. */
export function createEngine(model: Model, options: EngineOptions = {}): Engine {
  return new Engine(model, options)
}

export class Engine {
  readonly #model: Model
  readonly #pages: PrefixCache
  readonly #scheduler: Scheduler
  readonly #cache: PagedCache
  readonly #input: StepInput
  readonly #mtp: MtpDrafts | undefined
  readonly #requests = new Map<Sequence, ActiveRequest>()
  #looping = false
  #disposed = false
  #steps = 0

  /** Use `createEngine`. */
  constructor(model: Model, options: EngineOptions) {
    const { contextLength, batch } = model.info
    const integer = (option: keyof EngineOptions, value: number, max: number): number => {
      if (Number.isSafeInteger(value) && value >= 1 && value <= max) return value
      throw new OptionError({ option, expected: `an integer in 1 .. ${max}`, got: value })
    }
    const pageSize = integer('pageSize', options.pageSize ?? Math.min(64, contextLength), contextLength)
    const slots = integer('maxSequences', options.maxSequences ?? Math.min(16, batch), batch)
    const tokens = integer('cacheTokens', options.cacheTokens ?? contextLength, 2 ** 31 - 1)
    const waiting = integer('maxWaiting', options.maxWaiting ?? 1024, 1e6)
    const pages = Math.ceil(tokens / pageSize)
    if (options.mtp === true && !model.hasMtp) {
      throw new OptionError({ option: 'mtp', expected: 'given to loadModel, too', got: options.mtp })
    }
    this.#mtp = options.mtp === true ? new MtpDrafts(model.config.vocabularySize) : undefined
    this.#model = model
    this.#pages = new PrefixCache({ pages, pageSize, reuse: options.reusePrefixes ?? true })
    this.#scheduler = new Scheduler(this.#pages, { batch, slots, waiting, positions: contextLength })
    this.#cache = model.createPagedCache({ pages, pageSize, slots })
    this.#input = new StepInput(this.#cache)
  }

  get status(): EngineStatus {
    const { pages, available, idle } = this.#pages
    return {
      running: this.#scheduler.running.length,
      waiting: this.#scheduler.waiting.length,
      pages,
      usedPages: pages - available,
      idlePages: idle,
      steps: this.#steps,
      cacheBytes: this.#cache.bytes,
    }
  }

  /**
   * Queues a request; it runs whether or not somebody listens yet. Iterate the events once; leaving the loop, like
   * `signal`, ends the request at once and gives its pages to others.
   *
   * Throws `OptionError`, `ContextLengthError` for a prompt that never fits, `QueueFullError`, `DisposedError` and
   * `signal.reason`. The iteration throws `signal.reason`, what the request's own functions throw, `DisposedError`, and
   * what the backend throws: that ends all requests that run at the time.
   */
  submit(request: EngineRequest): AsyncIterableIterator<EngineEvent, undefined> {
    if (this.#disposed) throw new DisposedError('engine')
    const { prompt, signal } = request
    signal?.throwIfAborted()
    this.#checkPrompt(prompt)
    const room = Math.max(0, this.#scheduler.capacity - prompt.length + 1)
    const generation = new Generation(request, room, this.#model.config.eosTokenIds)
    const sequence = this.#scheduler.add(prompt)
    const onAbort = (): void => this.#fail(sequence, signal?.reason)
    const active: ActiveRequest = {
      sequence,
      generation,
      channel: new EventChannel<EngineEvent>(() => this.#forget(sequence)),
      drafter: request.drafter,
      promptTokens: prompt.length,
      submittedAt: performance.now(),
      counts: { drafted: 0, accepted: 0, steps: 0, firstAt: 0 },
      unlisten: () => signal?.removeEventListener('abort', onAbort),
    }
    signal?.addEventListener('abort', onAbort)
    this.#requests.set(sequence, active)
    if (!this.#looping) void this.#loop()
    return active.channel
  }

  /** Ends all requests with `DisposedError` and gives the cache's memory back; the model stays. Safe to call twice. */
  dispose(): void {
    if (this.#disposed) return
    this.#disposed = true
    for (const sequence of [...this.#requests.keys()]) this.#fail(sequence, new DisposedError('engine'))
    this.#cache.dispose()
  }

  async #loop(): Promise<void> {
    this.#looping = true
    while (this.#requests.size > 0) {
      await nextTask()
      this.#draft()
      if (this.#requests.size > 0) await this.#step()
    }
    this.#looping = false
  }

  /** Asks for guesses for all texts that are past their prompt. */
  #draft(): void {
    for (const sequence of [...this.#scheduler.running]) {
      const request = this.#requests.get(sequence)
      sequence.drafts = []
      if (request === undefined || sequence.ids.length - sequence.computed !== 1) continue
      const limit = request.generation.left - 1
      if (limit <= 0) continue
      if (request.drafter === undefined) {
        sequence.drafts = this.#mtp?.take(sequence) ?? []
        continue
      }
      try {
        const drafts = request.drafter.draft(sequence.ids, limit)
        const vocabulary = this.#model.config.vocabularySize
        const bad = drafts.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= vocabulary)
        if (bad >= 0) {
          const expected = `ids in 0 .. ${vocabulary - 1}`
          throw new OptionError({ option: 'the drafter', expected, got: drafts[bad] })
        }
        sequence.drafts = drafts.slice(0, limit)
      } catch (error) {
        this.#fail(sequence, error)
      }
    }
  }

  async #step(): Promise<void> {
    try {
      const { copies, pieces } = this.#scheduler.plan()
      this.#input.set(pieces)
      const { ids, positions, slots, rows } = this.#input
      const step = { cache: this.#cache, ids, positions, slots, rows, copies }
      this.#steps++
      if (this.#mtp === undefined) {
        this.#takeAll(pieces, await this.#model.step(step))
        return
      }
      const mtp = this.#mtp
      const predicted = await this.#model.stepAndPredict(step, (logits) => {
        this.#takeAll(pieces, logits)
        return { nextIds: this.#input.nextIds(pieces), rows: mtp.ask(pieces) }
      })
      mtp.set(predicted)
    } catch (error) {
      // What the pages hold is not known now.
      for (const sequence of [...this.#scheduler.running]) this.#fail(sequence, error)
      this.#pages.clear()
    }
  }

  #takeAll(pieces: readonly Piece[], logits: Float32Array): void {
    let row = 0
    for (const piece of pieces) {
      if (!reachesEnd(piece)) {
        this.#scheduler.advance(piece, 0)
        continue
      }
      const first = row
      row += 1 + piece.drafts
      this.#take(piece, logits, first)
    }
  }

  #take(piece: Piece, logits: Float32Array, first: number): void {
    const { sequence } = piece
    const request = this.#requests.get(sequence)
    if (request === undefined) return
    const vocabulary = this.#model.config.vocabularySize
    const rowOf = (row: number): Float32Array =>
      logits.subarray((first + row) * vocabulary, (first + row + 1) * vocabulary)
    try {
      this.#scheduler.advance(piece, takeTokens(request, piece, rowOf))
    } catch (error) {
      this.#fail(sequence, error)
      return
    }
    const { ending } = request.generation
    if (ending === undefined) return
    this.#forget(sequence)
    request.channel.push({ type: 'finish', ...ending, usage: usageOf(request, performance.now()) })
    request.channel.close()
  }

  #fail(sequence: Sequence, error: unknown): void {
    const request = this.#requests.get(sequence)
    this.#forget(sequence)
    request?.channel.fail(error)
  }

  /** Pages and place are free from now on. */
  #forget(sequence: Sequence): void {
    this.#requests.get(sequence)?.unlisten()
    this.#requests.delete(sequence)
    this.#scheduler.remove(sequence)
  }

  #checkPrompt(prompt: readonly number[]): void {
    if (prompt.length === 0) {
      throw new OptionError({ option: 'prompt', expected: 'at least one token', got: [] })
    }
    const vocabulary = this.#model.config.vocabularySize
    const bad = prompt.findIndex((id) => !Number.isInteger(id) || id < 0 || id >= vocabulary)
    if (bad < 0) return
    const expected = `an integer in 0 .. ${vocabulary - 1}`
    throw new OptionError({ option: `prompt[${bad}]`, expected, got: prompt[bad] })
  }
}
