/** Server-sent events: values as `data:` lines, comments while there is nothing to say, `[DONE]` at the end. */
import type { ApiErrorBody } from '../api-error.ts'

const doneLine = 'data: [DONE]\n\n'
const commentLine = ': keep-alive\n\n'
/** Stands for a value that has not come yet. */
const quiet: unique symbol = Symbol('quiet')

/**
 * The body of a streamed answer. It takes the next value only when its reader wants one, so a slow client slows the model
 * instead of filling memory.
 *
 * @param values what throws here is told as `data: {"error": ...}`, and ends the stream without `[DONE]`
 * @param first the pending first value, if somebody has asked for it already
 * @param explain makes the error's body, or undefined when there is nobody left to tell
 * @param cancel called when the reader goes away
 */
export function eventStream<T>(options: {
  readonly values: AsyncGenerator<T, void>
  readonly first?: Promise<IteratorResult<T, void>>
  readonly keepAliveMilliseconds: number
  readonly explain: (error: unknown) => ApiErrorBody | undefined
  readonly cancel: () => void
}): ReadableStream<Uint8Array> {
  const { values, keepAliveMilliseconds, explain, cancel } = options
  const encoder = new TextEncoder()
  let pending = options.first
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const send = (text: string): void => controller.enqueue(encoder.encode(text))
      try {
        pending ??= values.next()
        const next = await orQuiet(pending, keepAliveMilliseconds)
        if (next === quiet) {
          send(commentLine)
          return
        }
        pending = undefined
        if (next.done) {
          send(doneLine)
          controller.close()
        } else {
          send(`data: ${JSON.stringify(next.value)}\n\n`)
        }
      } catch (error) {
        const body = explain(error)
        if (body !== undefined) send(`data: ${JSON.stringify(body)}\n\n`)
        controller.close()
      }
    },
    async cancel() {
      cancel()
      // The generator answers when its pending step has ended; how that ends is nobody's business any more.
      await Promise.allSettled([pending, values.return()])
    },
  })
}

/** The value, or `quiet` when it has not come in time. */
export async function orQuiet<T>(value: Promise<T>, milliseconds: number): Promise<T | typeof quiet> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<typeof quiet>((resolve) => {
    timer = setTimeout(() => resolve(quiet), milliseconds)
  })
  try {
    return await Promise.race([value, late])
  } finally {
    clearTimeout(timer)
  }
}
