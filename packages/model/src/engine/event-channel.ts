/** Events from one producer to one consumer. The producer never waits; events that nobody took yet are kept. */
export class EventChannel<T> implements AsyncIterableIterator<T, undefined> {
  readonly #events: T[] = []
  readonly #onLeave: () => void
  #taken = 0
  #end: { readonly error?: unknown; readonly failed: boolean } | undefined
  readonly #waiting: (() => void)[] = []

  /** `onLeave`: the consumer left before the end. */
  constructor(onLeave: () => void) {
    this.#onLeave = onLeave
  }

  push(event: T): void {
    if (this.#end === undefined) this.#events.push(event)
    this.#signal()
  }

  /** After the events so far the iteration ends. */
  close(): void {
    this.#end ??= { failed: false }
    this.#signal()
  }

  /** The iteration throws `error` at once, without what nobody took yet. */
  fail(error: unknown): void {
    if (this.#end !== undefined) return
    this.#end = { error, failed: true }
    this.#drop()
    this.#signal()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    for (;;) {
      if (this.#taken < this.#events.length) {
        const value = this.#events[this.#taken++] as T
        if (this.#taken === this.#events.length) this.#drop()
        return { done: false, value }
      }
      if (this.#end?.failed) {
        const { error } = this.#end
        this.#end = { failed: false }
        throw error
      }
      if (this.#end !== undefined) return { done: true, value: undefined }
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
      })
    }
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    const ended = this.#end !== undefined
    this.#end = { failed: false }
    this.#drop()
    this.#signal()
    if (!ended) this.#onLeave()
    return { done: true, value: undefined }
  }

  #drop(): void {
    this.#events.length = 0
    this.#taken = 0
  }

  #signal(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}
