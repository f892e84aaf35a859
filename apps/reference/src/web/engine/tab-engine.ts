/** The embedded model in this tab: its state for the page to show, and an `AgentModel` that answers with it. */
import type { AgentModel } from '@octoscale/agent-tools'
import type { LlmInfo } from 'octoscale'
import type { ModelSettings } from '../chat/settings.ts'
import { createStore, type Store } from '../store.ts'
import type { LoadProgress } from './protocol.ts'
import { createWorkerClient, type WorkerLike } from './worker-client.ts'

export type LoadState =
  | { readonly status: 'unloaded' }
  | { readonly status: 'loading'; readonly progress: LoadProgress | undefined }
  | { readonly status: 'ready'; readonly info: LlmInfo }
  | { readonly status: 'failed'; readonly error: unknown }

export interface TabEngineState {
  readonly load: LoadState
  /** Names for `load`; empty until the worker has told them. */
  readonly backends: readonly string[]
}

export interface TabEngine {
  readonly state: Store<TabEngineState>
  /** Loads, or joins the load under way; does nothing when the model runs on that backend. Failures are in `state`. */
  load(backend: string): Promise<void>
  /** Ends the load under way. */
  cancel(): void
  /** Waits for a load under way. Throws what the load or the answer throws. */
  model(backend: string, settings: ModelSettings): AgentModel
  /** Gives the model's memory back, when the answer under way is over. Loading again is possible. */
  dispose(): Promise<void>
}

export function createTabEngine(start: () => WorkerLike): TabEngine {
  const state = createStore<TabEngineState>({ load: { status: 'unloaded' }, backends: [] })
  const setLoad = (load: LoadState): void => state.set((last) => ({ ...last, load }))
  let current: { backend: string; controller: AbortController; done: Promise<void> } | undefined
  const client = createWorkerClient(start, {
    onBackends: (backends) => state.set((last) => ({ ...last, backends })),
    onGone(error) {
      current = undefined
      setLoad({ status: 'failed', error })
    },
  })

  async function run(backend: string, signal: AbortSignal): Promise<void> {
    setLoad({ status: 'loading', progress: undefined })
    try {
      for await (const answer of client.request({ type: 'load', backend }, signal)) {
        if (answer.type === 'progress') setLoad({ status: 'loading', progress: answer })
        if (answer.type === 'loaded') setLoad({ status: 'ready', info: answer.info })
      }
    } catch (error) {
      // A load that was replaced has nothing to say any more.
      if (current?.controller.signal !== signal) return
      current = undefined
      setLoad(signal.aborted ? { status: 'unloaded' } : { status: 'failed', error })
      if (!signal.aborted) client.terminate()
    }
  }

  const engine: TabEngine = {
    state,
    load(backend) {
      if (current?.backend === backend) return current.done
      current?.controller.abort()
      const controller = new AbortController()
      const mine = { backend, controller, done: Promise.resolve() }
      current = mine
      mine.done = run(backend, controller.signal)
      return mine.done
    },
    cancel() {
      if (state.get().load.status === 'loading') current?.controller.abort()
    },
    model: (backend, settings) =>
      async function* ({ messages, tools, signal }) {
        await untilAborted(engine.load(backend), signal)
        const { load } = state.get()
        if (load.status === 'failed') throw load.error
        if (load.status !== 'ready') throw new LoadCancelledError()
        const options = { ...settings, messages, tools }
        for await (const answer of client.request({ type: 'chat', options }, signal)) {
          if (answer.type === 'event') yield answer.event
        }
      },
    async dispose() {
      current?.controller.abort()
      current = undefined
      setLoad({ status: 'unloaded' })
      for await (const _ of client.request({ type: 'dispose' }, new AbortController().signal));
    },
  }
  return engine
}

class LoadCancelledError extends Error {
  override readonly name = 'LoadCancelledError'
  constructor() {
    super('loading the model was cancelled; load it, then ask again')
  }
}

/** Waits, but not longer than until the abort: then throws `signal.reason`. */
async function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  let abort = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
  })
  await Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', abort))
}
