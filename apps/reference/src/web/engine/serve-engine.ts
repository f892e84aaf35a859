/** The worker's side: one model, one request after another. Free of worker globals, so that tests can run it. */
import { backendNames, type Llm, load } from 'octoscale'
import type { DownloadOptions } from './download.ts'
import { factsOf } from './error-facts.ts'
import type { FromWorker, ToWorker } from './protocol.ts'

export interface EngineParts {
  readonly post: (message: FromWorker) => void
  /** The name of the model and its files, downloaded when `load` is asked for. */
  readonly name: string
  readonly files: (options: DownloadOptions) => Promise<Readonly<Record<string, Uint8Array>>>
}

type Request = Exclude<ToWorker, { type: 'stop' }>

/** Gives the function that takes the page's messages. Answers go to `post`. */
export function serveEngine({ post, name, files }: EngineParts): (message: ToWorker) => void {
  const controllers = new Map<number, AbortController>()
  const breathe = createBreath()
  let llm: Llm | undefined
  /** The model answers one call at a time; what comes meanwhile waits. */
  let queue: Promise<void> = Promise.resolve()

  async function run(request: Request, signal: AbortSignal): Promise<void> {
    const { id } = request
    if (request.type !== 'chat') {
      llm?.dispose()
      llm = undefined
      if (request.type === 'dispose') return
      const downloaded = await files({
        signal,
        onProgress: (step) => post({ type: 'progress', id, ...step }),
      })
      llm = await load(
        { name, files: downloaded },
        {
          // The facade refuses a name that it does not know, with the names it does.
          backend: request.backend as 'auto',
          signal,
          onProgress: (step) => post({ type: 'progress', id, phase: 'weights', ...step }),
        },
      )
      post({ type: 'loaded', id, info: llm.info })
      return
    }
    if (llm === undefined) throw new NotLoadedError()
    for await (const event of llm.chat({ ...request.options, signal })) {
      post({ type: 'event', id, event })
      await breathe()
    }
  }

  post({ type: 'ready', backends: ['auto', ...backendNames] })
  return (message) => {
    if (message.type === 'stop') {
      controllers.get(message.id)?.abort()
      return
    }
    const { id } = message
    const controller = new AbortController()
    controllers.set(id, controller)
    queue = queue
      .then(async () => {
        controller.signal.throwIfAborted()
        await run(message, controller.signal)
        post({ type: 'done', id })
      })
      .catch((error) => post({ type: 'failed', id, error: factsOf(error) }))
      .finally(() => controllers.delete(id))
  }
}

class NotLoadedError extends Error {
  override readonly name = 'NotLoadedError'
  constructor() {
    super('no model is loaded: send load first')
  }
}

/**
 * A wait that lets messages in. A CPU backend computes a whole answer without ever leaving the microtask queue, and
 * `stop` would arrive after its end. Timers would do but are held back to 4 ms, longer than a token takes.
 */
function createBreath(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel()
  let resume: (() => void) | undefined
  port2.onmessage = () => resume?.()
  return () =>
    new Promise((resolve) => {
      resume = resolve
      port1.postMessage(undefined)
    })
}
