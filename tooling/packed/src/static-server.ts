/** A plain web server for built pages, without the headers that threads need: many hosts do not send them. */
import { createReadStream, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
}

export interface StaticServer {
  /** Ends with a slash. */
  readonly url: string
  close(): Promise<void>
}

/** Serves the first of `folders` that has a file, on the loopback address. A path that leaves them is not found. */
export async function serve(folders: readonly string[]): Promise<StaticServer> {
  const server: Server = createServer((request, response) => {
    const path = pathOf(request.url ?? '/')
    const file = folders.map((folder) => join(folder, path)).find((each) => isFile(each))
    if (file === undefined || path.startsWith('..')) {
      response.writeHead(404).end(`${path} is not here`)
      return
    }
    response.writeHead(200, {
      'Content-Type': contentTypes[extname(file)] ?? 'application/octet-stream',
      'Content-Length': statSync(file).size,
    })
    createReadStream(file).pipe(response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

/** The path of a URL as a relative file name; a folder means its index.html. */
export function pathOf(url: string): string {
  const path = new URL(url, 'http://localhost').pathname
  try {
    const name = normalize(decodeURIComponent(path)).replace(/^\/+/, '')
    return name === '' || name.endsWith('/') ? `${name}index.html` : name
  } catch {
    return 'not-a-path'
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
