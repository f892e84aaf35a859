/**
 * Opens `javascript-worker.ts`, in Node and in browsers. Both files lie in src itself: a build puts shared code into
 * the top of its output, and from there the worker has to be found under the same relative name.
 */

/** A worker, as far as its owner needs it. */
export interface OpenWorker {
  send(message: unknown): void
  /** Ends it, whatever it is doing; resolves when it has ended. */
  end(): Promise<void>
}

export interface WorkerEvents {
  onMessage(data: unknown): void
  /** It failed, or ended by itself: nothing more will come. */
  onFailure(problem: string): void
}

export function openJavaScriptWorker(events: WorkerEvents): OpenWorker {
  const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads')
  return threads === undefined ? openWebWorker(events) : openThread(threads, events)
}

function openThread(threads: typeof import('node:worker_threads'), events: WorkerEvents): OpenWorker {
  const file = `./javascript-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`
  const worker = new threads.Worker(new URL(file, import.meta.url), {
    name: 'run_javascript',
    // What the program was started with (`--input-type`, `--import`) is about its own entry.
    execArgv: [],
    // No environment variables, and what the engine says when it aborts is not for the user's terminal.
    env: {},
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  })
  worker.on('message', (data) => events.onMessage(data))
  worker.on('error', (error) => events.onFailure(error instanceof Error ? error.message : String(error)))
  worker.on('exit', () => events.onFailure('it ended'))
  return {
    send: (message) => worker.postMessage(message),
    end: async () => {
      await worker.terminate()
    },
  }
}

function openWebWorker(events: WorkerEvents): OpenWorker {
  // Bundlers look for this very form, and take `.js` for the `.ts` beside it.
  const worker = new Worker(new URL('./javascript-worker.js', import.meta.url), { type: 'module' })
  worker.addEventListener('message', ({ data }) => events.onMessage(data))
  worker.addEventListener('error', (event) => {
    event.preventDefault()
    events.onFailure(event.message ?? 'it cannot be loaded')
  })
  return {
    send: (message) => worker.postMessage(message),
    end: async () => worker.terminate(),
  }
}
