/** An answer that is being made: events as they come, or the result at the end, or both. */

/**
 * Iterate it for events as they come, or wait for `result()`, or both; it can be iterated once. Nothing is computed before
 * it is asked for. Leaving the loop ends the answer.
 */
export interface Reply<Event, Result> extends AsyncIterable<Event> {
  /** The whole answer; runs the rest of it if nobody is iterating. */
  result(): Promise<Result>
}

/** The event that ends every reply. */
interface FinishEvent<Result> {
  readonly type: 'finish'
  readonly result: Result
}

type Outcome<Result> = { readonly result: Result } | { readonly reason: unknown }

/** @param events the last one is `finish` */
export function createReply<Event extends { readonly type: string }, Result>(
  events: AsyncGenerator<Event | FinishEvent<Result>, void>,
): Reply<Event | FinishEvent<Result>, Result> {
  const outcome = Promise.withResolvers<Result>()
  // Whoever does not ask for the result does not want its error twice.
  outcome.promise.catch(() => {})
  let started = false
  const conclude = (end: Outcome<Result>): void => {
    if ('result' in end) outcome.resolve(end.result)
    else outcome.reject(end.reason)
  }
  async function* watched(): AsyncGenerator<Event | FinishEvent<Result>, void> {
    try {
      for await (const event of events) {
        if (isFinish(event)) conclude({ result: event.result })
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
          // The generator itself keeps the result.
        }
      }
      return outcome.promise
    },
  }
}

function isFinish<Event extends { readonly type: string }, Result>(
  event: Event | FinishEvent<Result>,
): event is FinishEvent<Result> {
  return event.type === 'finish'
}
