/** The server as a function from requests to answers: an OpenAI-compatible API, and the web app if there is one. */
import { type Context, Hono } from 'hono'
import { requestId } from 'hono/request-id'
import { ApiError } from './api-error.ts'
import { AnswerQueue } from './chat/answer-queue.ts'
import { modelNotFound } from './chat/job.ts'
import { chatRoute } from './chat/route.ts'
import { type Engine, modelId } from './engine.ts'
import { explainError } from './explain-error.ts'
import { type HostRule, hostGuard } from './guards/host.ts'
import { jsonOnly } from './guards/json-body.ts'
import { keyGuard } from './guards/key.ts'
import { allowOrigins, originGuard } from './guards/origin.ts'
import { times } from './limits.ts'
import { wireModel } from './models.ts'
import { webFiles } from './web-files.ts'
import { webHeaders } from './web-headers.ts'

export interface AppOptions {
  readonly engine: Engine
  /** Give one to close it when the server stops. */
  readonly queue?: AnswerQueue | undefined
  /** What callers of `/v1` must send; undefined: nothing. */
  readonly apiKey?: string | undefined
  /** Names the server may be called by, beside loopback's. */
  readonly hosts?: HostRule | undefined
  /** Origins, such as `https://app.example`, whose pages may use the API beside the server's own. */
  readonly cors?: readonly string[] | undefined
  /** Folder of the built web app. */
  readonly web?: string | undefined
  /** Between comments in a silent stream. */
  readonly keepAliveMilliseconds?: number | undefined
  /** Hears of faults of the server, never of faults of a request. The error may hold what a caller wrote: do not log it. */
  readonly onFault?: ((error: unknown, requestId: string) => void) | undefined
}

/** The app: give `fetch` to a server, or call `request` in tests. It keeps no state but the queue. */
export function createApp(options: AppOptions): Hono {
  const { engine, queue = new AnswerQueue(), cors = [], onFault } = options
  const id = modelId(engine.info.name)
  const model = wireModel(id, engine, Math.floor(Date.now() / 1000))
  const explain = (error: unknown, context: Context): ApiError => {
    const explained = explainError(error)
    // A body that breaks off is the client's doing, and nobody is left to hear of it.
    const left = context.req.raw.signal.aborted
    if (explained.status === 500 && !left) onFault?.(error, String(context.get('requestId')))
    return explained
  }

  const app = new Hono()
  app.use(requestId())
  app.use(async (context, next) => {
    await next()
    for (const [name, value] of Object.entries(webHeaders)) context.res.headers.set(name, value)
    if (!context.res.headers.has('Cache-Control')) context.res.headers.set('Cache-Control', 'no-store')
  })
  app.use(hostGuard(options.hosts ?? {}))
  app.use(originGuard(cors))
  if (cors.length > 0) app.use('/v1/*', allowOrigins(cors))
  if (options.apiKey !== undefined) app.use('/v1/*', keyGuard(options.apiKey))
  app.use('/v1/*', jsonOnly())

  const chat = chatRoute({
    engine,
    queue,
    model: id,
    keepAliveMilliseconds: options.keepAliveMilliseconds ?? times.keepAlive,
    explain,
  })
  app.post('/v1/chat/completions', chat)
  app.all('/v1/chat/completions', onlyMethod('POST'))
  app.get('/v1/models', (context) => context.json({ object: 'list', data: [model] }))
  app.all('/v1/models', onlyMethod('GET'))
  app.get('/v1/models/:id{.+}', (context) => {
    const asked = context.req.param('id')
    if (asked !== id) throw modelNotFound(asked, id)
    return context.json(model)
  })
  app.all('/v1/models/:id{.+}', onlyMethod('GET'))
  app.get('/health', (context) => context.json({ status: 'ok' }))
  app.all('/health', onlyMethod('GET'))
  app.get('/ready', (context) => {
    const { running, waiting, closed } = queue.state
    return context.json({ status: closed ? 'stopping' : 'ready', running, waiting }, closed ? 503 : 200)
  })
  app.all('/ready', onlyMethod('GET'))
  if (options.web !== undefined) app.use(webFiles(options.web))

  app.notFound((context) => answerError(context, noSuchRoute(context)))
  app.onError((error, context) =>
    answerError(context, error instanceof ApiError ? error : explain(error, context)),
  )
  return app
}

function answerError(context: Context, error: ApiError): Response {
  return context.json(error.body(), error.status, error.headers)
}

function onlyMethod(method: 'GET' | 'POST'): (context: Context) => never {
  return (context) => {
    throw new ApiError({
      status: 405,
      code: 'method_not_allowed',
      message: `${context.req.path} takes ${method} only`,
      headers: { Allow: method === 'GET' ? 'GET, HEAD' : method },
    })
  }
}

function noSuchRoute(context: Context): ApiError {
  return new ApiError({
    status: 404,
    code: 'unknown_url',
    message: `there is no ${context.req.method} ${context.req.path.slice(0, 100)}; the API is at /v1/chat/completions and /v1/models`,
  })
}
