/** Entry of the worker that runs JavaScript for `runJavaScript`; not to be imported. In src itself: see its opener. */
import type { SandboxJob } from './tools/javascript/protocol.ts'
import { serve, type WorkerPort } from './tools/javascript/serve.ts'

/** In Node the parent's port; `getBuiltinModule` so that no bundler looks for Node's modules. */
function openPort(): WorkerPort | undefined {
  const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads')
  const parent = threads?.parentPort
  if (parent) {
    return {
      send: (message) => parent.postMessage(message),
      onJob: (listener) => void parent.once('message', (job: SandboxJob) => listener(job)),
    }
  }
  // In a program's main thread there is nobody to serve.
  if (threads !== undefined || !('WorkerGlobalScope' in globalThis)) return undefined
  return {
    send: (message) => globalThis.postMessage(message),
    onJob: (listener) => {
      globalThis.addEventListener('message', ({ data }) => listener(data as SandboxJob), { once: true })
    },
  }
}

const port = openPort()
// At once: what is sent to a worker of a page is lost if nobody listens when its script has run.
if (port !== undefined) serve(port)
