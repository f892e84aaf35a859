/** The page's side of the protocol: a request is an iteration of the worker's answers to it. */
import { EngineError, WorkerError } from './error-facts.ts'
import { createEventQueue, type EventQueue } from './event-queue.ts'
import type { FromWorker, ToWorker } from './protocol.ts'

/** What `Worker` has and is needed here; tests give a pair of functions. */
export type WorkerLike = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>

type Answer = Exclude<FromWorker, { type: 'ready' | 'done' | 'failed' }>
type WithoutId<T> = T extends { id: number } ? Omit<T, 'id'> : never
export type WorkerRequest = WithoutId<Exclude<ToWorker, { type: 'stop' }>>

export interface WorkerClient {
  /**
   * Sends when the iteration starts. Throws `EngineError` (thrown in the worker), `WorkerError` (the worker is gone),
   * or `signal.reason`; an abort or leaving the loop stops the work in the worker.
   */
  request(request: WorkerRequest, signal: AbortSignal): AsyncGenerator<Answer, void>
  /** Ends the worker, whatever it does; requests under way throw. The next request starts a new one. */
  terminate(): void
}

export interface WorkerListener {
  onBackends(names: readonly string[]): void
  /** The worker ended by itself, and the model with it. */
  onGone(error: WorkerError): void
}

export function createWorkerClient(start: () => WorkerLike, listener: WorkerListener): WorkerClient {
  const queues = new Map<number, EventQueue<Answer>>()
  let worker: WorkerLike | undefined
  let lastId = 0

  const terminate = (reason: WorkerError): void => {
    worker?.terminate()
    worker = undefined
    for (const queue of queues.values()) queue.fail(reason)
  }
  const receive = (message: FromWorker): void => {
    if (message.type === 'ready') {
      listener.onBackends(message.backends)
      return
    }
    const queue = queues.get(message.id)
    if (message.type === 'done') queue?.end()
    else if (message.type === 'failed') queue?.fail(new EngineError(message.error))
    else queue?.push(message)
  }
  const running = (): WorkerLike => {
    if (worker !== undefined) return worker
    const started = start()
    started.onmessage = (event: MessageEvent<FromWorker>) => receive(event.data)
    started.onerror = (event: ErrorEvent | Event) => {
      const error = new WorkerError('message' in event ? event.message : '')
      terminate(error)
      listener.onGone(error)
    }
    worker = started
    return started
  }

  return {
    async *request(request, signal) {
      signal.throwIfAborted()
      const id = ++lastId
      const queue = createEventQueue<Answer>()
      queues.set(id, queue)
      const target = running()
      let underWay = true
      const stop = (): void => {
        if (underWay) target.postMessage({ type: 'stop', id } satisfies ToWorker)
        underWay = false
      }
      const abort = (): void => {
        stop()
        queue.fail(signal.reason)
      }
      signal.addEventListener('abort', abort)
      try {
        target.postMessage({ ...request, id } as ToWorker)
        yield* queue
        underWay = false
      } finally {
        signal.removeEventListener('abort', abort)
        queues.delete(id)
        stop()
      }
    },
    terminate: () => terminate(new WorkerError('it was ended')),
  }
}
