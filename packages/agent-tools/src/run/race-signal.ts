/**
 * Waits for `work`, but no longer than until `signal` is aborted: then rejects with its reason, and what becomes of
 * `work` no longer matters to anybody.
 */
export function raceSignal<T>(work: T | PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop))
  })
}
