/** Values pushed on one side, iterated on the other, in order. */
export interface EventQueue<T> extends AsyncIterable<T> {
  push(value: T): void
  /** Nothing more comes. */
  end(): void
  /** The iteration throws `reason` at once: what still waits is dropped. */
  fail(reason: unknown): void
}

export function createEventQueue<T>(): EventQueue<T> {
  const waiting: T[] = []
  let state: 'open' | 'ended' | 'failed' = 'open'
  let reason: unknown
  let wake = (): void => {}
  const close = (next: 'ended' | 'failed', why?: unknown): void => {
    if (state !== 'open') return
    state = next
    reason = why
    wake()
  }
  return {
    push(value) {
      waiting.push(value)
      wake()
    },
    end: () => close('ended'),
    fail: (why) => close('failed', why),
    async *[Symbol.asyncIterator]() {
      while (true) {
        if (state === 'failed') throw reason
        const value = waiting.shift()
        if (value !== undefined) yield value
        else if (state === 'ended') return
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}
