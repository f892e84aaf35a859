/** A plain file server, as simple hosts are: no ranges, no headers of its own, no model behind it. */
import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
}

export interface RunningServer {
  /** Ends in a slash. */
  readonly address: string
  close(): Promise<void>
}

export interface StaticOptions {
  /** Where the folder is put: `/` or `/some/where/`. */
  readonly base?: string
  /** Bytes per second of large files; default as fast as it goes. */
  readonly bytesPerSecond?: number
}

export async function serveFolder(folder: string, options: StaticOptions = {}): Promise<RunningServer> {
  const { base = '/', bytesPerSecond = Number.POSITIVE_INFINITY } = options
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname))
    const file = join(
      folder,
      path.endsWith('/') ? `${path.slice(base.length - 1)}index.html` : path.slice(base.length - 1),
    )
    const size = path.startsWith(base) ? statSync(file, { throwIfNoEntry: false })?.size : undefined
    if (size === undefined) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-length': size,
    })
    const stream = createReadStream(file, { highWaterMark: 262_144 })
    stream.pipe(response)
    stream.on('data', (chunk) => {
      const wait = (chunk.length / bytesPerSecond) * 1000
      if (wait < 1) return
      stream.pause()
      setTimeout(() => stream.resume(), wait)
    })
    response.on('close', () => stream.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}${base}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
