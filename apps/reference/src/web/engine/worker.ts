/** The module worker: the embedded model behind `serveEngine`. */
import { octoTiny } from '@octoscale/octo-tiny'
import { downloadFiles } from './download.ts'
import type { ToWorker } from './protocol.ts'
import { serveEngine } from './serve-engine.ts'

const receive = serveEngine({
  post: (message) => postMessage(message),
  name: octoTiny.name,
  files: (options) => downloadFiles(octoTiny.files, options),
})

addEventListener('message', (event: MessageEvent<ToWorker>) => receive(event.data))
