/** `POST /v1/chat/completions`. */
import type { Context } from 'hono'
import type { ApiError } from '../api-error.ts'
import type { Engine } from '../engine.ts'
import { readJson } from '../guards/json-body.ts'
import { answerInTurn } from './answer.ts'
import type { AnswerQueue } from './answer-queue.ts'
import { toChunks } from './chunks.ts'
import { collectCompletion } from './completion.ts'
import { eventStream, orQuiet } from './event-stream.ts'
import { createHead } from './head.ts'
import { parseChatJob } from './job.ts'

export interface ChatRoute {
  readonly engine: Engine
  readonly queue: AnswerQueue
  readonly model: string
  readonly keepAliveMilliseconds: number
  /** Reports an error and makes it one for the caller. */
  readonly explain: (error: unknown, context: Context) => ApiError
}

const streamHeaders = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // nginx would hold the stream back.
  'X-Accel-Buffering': 'no',
}

/** nginx's status for logs; the client does not see it. */
const clientClosedRequest = 499

/** A handler; it throws `ApiError`. */
export function chatRoute(route: ChatRoute): (context: Context) => Promise<Response> {
  const { model, keepAliveMilliseconds } = route
  return async (context) => {
    const job = parseChatJob(await readJson(context), model)
    // Aborted when the client goes away: then there is nothing to compute, and nobody to answer.
    const gone = new AbortController()
    const leave = (): void => gone.abort(new DOMException('the client went away', 'AbortError'))
    const { signal: connection } = context.req.raw
    if (connection.aborted) leave()
    connection.addEventListener('abort', leave, { once: true })

    const head = createHead(model)
    const parts = answerInTurn(route, job, gone.signal)
    try {
      if (!job.stream) return context.json(await collectCompletion(head, parts))
      const chunks = toChunks(head, parts, job.includeUsage)
      const first = chunks.next()
      // An error that comes at once, such as a prompt that is too long, is told with its status. What comes later is told
      // inside the stream, which has begun by then so that the client does not give up.
      await orQuiet(first, keepAliveMilliseconds)
      const body = eventStream({
        values: chunks,
        first,
        keepAliveMilliseconds,
        explain: (error) => (gone.signal.aborted ? undefined : route.explain(error, context).body()),
        cancel: leave,
      })
      return context.body(body, 200, streamHeaders)
    } catch (error) {
      if (gone.signal.aborted) return new Response(null, { status: clientClosedRequest })
      throw route.explain(error, context)
    }
  }
}
