/** One worker of a team. Its program is a text, so that no bundler has to find a file and no server to serve one. */

/** What a worker is started with. */
export interface WorkerStart {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  /** An address: a bigint where it has 64 bits. */
  readonly control: number | bigint
  readonly thread: number
}

export interface Worker {
  /** Whether the process may not end before the worker (Node). */
  hold(held: boolean): void
  end(): void
}

interface WorkerEvents {
  onMessage(data: unknown): void
  /** It failed, or ended by itself. */
  onFailure(problem: string): void
}

/** Says that it is ready, then runs what is published for the rest of its life. */
const program = `
const run = ({ module, memory, control, thread }, send) => {
  const fence = (...facts) => send(facts)
  const { exports } = new WebAssembly.Instance(module, { env: { memory, fence } })
  send('ready')
  exports.work(control, thread)
}
if (typeof require === 'function') {
  const { parentPort, workerData } = require('node:worker_threads')
  run(workerData, (data) => parentPort.postMessage(data))
} else onmessage = ({ data }) => run(data, (facts) => postMessage(facts))
`

export function openWorker(start: WorkerStart, events: WorkerEvents): Worker {
  const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads')
  return threads === undefined ? openWebWorker(start, events) : openThread(threads, start, events)
}

function openThread(
  threads: typeof import('node:worker_threads'),
  start: WorkerStart,
  events: WorkerEvents,
): Worker {
  // What the program was started with (`--input-type`, `--import`) is about its own entry.
  const options = { eval: true, workerData: start, execArgv: [], env: {}, name: 'octoscale' }
  const worker = new threads.Worker(program, options)
  worker.on('message', (data) => events.onMessage(data))
  worker.on('error', (error) => events.onFailure(error instanceof Error ? error.message : String(error)))
  worker.on('exit', () => events.onFailure('it ended'))
  return {
    hold: (held) => (held ? worker.ref() : worker.unref()),
    end: () => void worker.terminate(),
  }
}

function openWebWorker(start: WorkerStart, events: WorkerEvents): Worker {
  const url = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }))
  const worker = new globalThis.Worker(url, { name: 'octoscale' })
  worker.addEventListener('message', ({ data }) => {
    URL.revokeObjectURL(url)
    events.onMessage(data)
  })
  worker.addEventListener('error', (event) => {
    event.preventDefault()
    events.onFailure(event.message ?? 'the page does not allow workers from blob: URLs')
  })
  worker.postMessage(start)
  return { hold: () => {}, end: () => worker.terminate() }
}
