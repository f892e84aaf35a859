/** One answer at a time: those that come meanwhile wait in line, and the line has an end. */
import { ApiError } from '../api-error.ts'
import { limits } from '../limits.ts'

/** The right to use the model, until `leave`. */
export interface Turn {
  /** Aborted when the caller's signal is, or when the queue closes. */
  readonly signal: AbortSignal
  /** Lets the next one in. Safe to call twice. */
  leave(): void
}

interface Waiter {
  readonly admit: () => void
  readonly refuse: (reason: unknown) => void
}

/** First come, first served. */
export class AnswerQueue {
  readonly #maxWaiting: number
  readonly #waiting: Waiter[] = []
  readonly #closing = new AbortController()
  readonly #onIdle: (() => void)[] = []
  #running = false
  #startedAt = 0
  #lastMilliseconds = 0

  constructor(maxWaiting: number = limits.waiting) {
    this.#maxWaiting = maxWaiting
  }

  /** Answers being made (0 or 1), and those that wait. */
  get state(): { readonly running: number; readonly waiting: number; readonly closed: boolean } {
    return {
      running: this.#running ? 1 : 0,
      waiting: this.#waiting.length,
      closed: this.#closing.signal.aborted,
    }
  }

  /** Waits for a turn. Throws `signal.reason` when aborted meanwhile, `ApiError` 429 when the line is full, 503 when closed. */
  async enter(signal: AbortSignal): Promise<Turn> {
    signal.throwIfAborted()
    this.#closing.signal.throwIfAborted()
    if (!this.#running) this.#start()
    else await this.#wait(signal)
    let left = false
    return {
      signal: AbortSignal.any([signal, this.#closing.signal]),
      leave: () => {
        if (left) return
        left = true
        this.#leave()
      },
    }
  }

  /** Ends the running answer and all that wait with `ApiError` 503. Resolves when the model is free. */
  async close(): Promise<void> {
    const reason = new ApiError({
      status: 503,
      type: 'server_error',
      code: 'server_stopping',
      message: 'the server is stopping: send the request again when it is back',
    })
    this.#closing.abort(reason)
    for (const waiter of this.#waiting.splice(0)) waiter.refuse(reason)
    if (this.#running) await new Promise<void>((resolve) => this.#onIdle.push(resolve))
  }

  async #wait(signal: AbortSignal): Promise<void> {
    if (this.#waiting.length >= this.#maxWaiting) throw this.#full()
    await new Promise<void>((resolve, reject) => {
      const forget = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
        reject(signal.reason)
      }
      const waiter: Waiter = {
        admit: () => {
          signal.removeEventListener('abort', forget)
          resolve()
        },
        refuse: (reason) => {
          signal.removeEventListener('abort', forget)
          reject(reason)
        },
      }
      this.#waiting.push(waiter)
      signal.addEventListener('abort', forget, { once: true })
    })
  }

  #start(): void {
    this.#running = true
    this.#startedAt = performance.now()
  }

  #leave(): void {
    this.#lastMilliseconds = performance.now() - this.#startedAt
    this.#running = false
    const next = this.#waiting.shift()
    if (next !== undefined) {
      this.#start()
      next.admit()
    }
    if (!this.#running) for (const resolve of this.#onIdle.splice(0)) resolve()
  }

  #full(): ApiError {
    // The next place is free when one more answer is done; the last one tells how long that may take.
    const seconds = Math.min(60, Math.max(1, Math.ceil(this.#lastMilliseconds / 1000)))
    return new ApiError({
      status: 429,
      type: 'rate_limit_error',
      code: 'rate_limit_exceeded',
      message: `one answer is made at a time, and ${this.#maxWaiting} requests wait already: try again in ${seconds} s`,
      headers: { 'Retry-After': String(seconds) },
    })
  }
}
