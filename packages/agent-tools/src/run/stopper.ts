/** What ends a run from outside: the caller's signal, the caller leaving the loop, or the time limit. */
export class Stopper {
  readonly #controller = new AbortController()
  readonly #outer: AbortSignal | undefined
  readonly #milliseconds: number | undefined
  #deadline = Number.POSITIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined
  #why: 'aborted' | 'time' | undefined

  constructor(limits: { signal: AbortSignal | undefined; milliseconds: number | undefined }) {
    this.#outer = limits.signal
    this.#milliseconds = limits.milliseconds
  }

  /** Aborted when the run must end. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Starts the clock. */
  start(): void {
    if (this.#outer?.aborted) this.#onAbort()
    else this.#outer?.addEventListener('abort', this.#onAbort, { once: true })
    if (this.#milliseconds === undefined) return
    this.#deadline = performance.now() + this.#milliseconds
    this.#timer = setTimeout(this.#onTime, this.#milliseconds)
  }

  /** Why the run must end, or undefined. Looks at the clock: a model that never waits would keep timers from firing. */
  why(): 'aborted' | 'time' | undefined {
    if (this.#why === undefined && performance.now() >= this.#deadline) this.#onTime()
    return this.#why
  }

  /** The caller left. */
  leave(): void {
    this.#stop('aborted', new DOMException('the run was left before its end', 'AbortError'))
  }

  dispose(): void {
    clearTimeout(this.#timer)
    this.#outer?.removeEventListener('abort', this.#onAbort)
  }

  readonly #onAbort = (): void => this.#stop('aborted', this.#outer?.reason)

  readonly #onTime = (): void =>
    this.#stop('time', new DOMException('the time of the run is up', 'TimeoutError'))

  #stop(why: 'aborted' | 'time', reason: unknown): void {
    if (this.#why !== undefined) return
    this.#why = why
    this.#controller.abort(reason)
  }
}
