/** Errors of the engine. Each carries its facts as fields. */

/** More requests wait than the engine was told to keep. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError'
  /** Requests that may wait, `maxWaiting`. */
  readonly limit: number
  constructor(limit: number) {
    super(
      `${limit} requests are waiting already: try again later, or create the engine with a larger maxWaiting`,
    )
    this.limit = limit
  }
}

/** The bookkeeping contradicts itself: a mistake in this package, please report it. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError'
  readonly fact: string
  constructor(fact: string) {
    super(`engine bookkeeping: ${fact}; this is a mistake in @octoscale/model, please report it`)
    this.fact = fact
  }
}
