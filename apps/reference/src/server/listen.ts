/** The app on a port. */
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { ApiError } from './api-error.ts'
import { type Connections, trackConnections } from './connections.ts'
import { times } from './limits.ts'
import { webHeaders } from './web-headers.ts'

export interface Listening {
  /** For a browser on this machine, without a final slash. */
  readonly url: string
  readonly port: number
  /** Takes no more connections, waits for open answers at most `times.shutdown`, then cuts them. Safe to call twice. */
  close(): Promise<void>
}

/** The port cannot be had. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly host: string
  readonly port: number
  /** Such as `EADDRINUSE`. */
  readonly code: string | undefined
  constructor(facts: { host: string; port: number; cause: NodeJS.ErrnoException }) {
    const { host, port, cause } = facts
    const problem =
      cause.code === 'EADDRINUSE'
        ? 'is in use: stop the program there, or choose another with --port N (0: any that is free)'
        : cause.code === 'EACCES'
          ? 'is not allowed to this user: choose one above 1023 with --port N'
          : `cannot be listened on: ${cause.message}`
    super(`port ${port} of ${host} ${problem}`, { cause })
    this.host = host
    this.port = port
    this.code = cause.code
  }
}

/** More connections than waiting answers could use; the next ones are closed at once. */
const maxConnections = 128

/**
 * @param port 0: any that is free
 * @throws ListenError
 */
export async function listen(
  app: Hono,
  { host, port, stallMilliseconds = times.stall }: { host: string; port: number; stallMilliseconds?: number },
): Promise<Listening> {
  const answer = getRequestListener(
    async (request, env) => {
      const response = await app.fetch(request, env)
      // A stream whose reader takes nothing would hold the model: its socket is cut when no byte has moved for a while,
      // which ends the answer. Streams are never silent for long themselves; plain answers are, while they are computed.
      if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
        env.outgoing.setTimeout(stallMilliseconds, () => env.outgoing.destroy())
      }
      return response
    },
    // Requests without a valid address or host never reach the app.
    { errorHandler: badAddress },
  )
  const server = createServer({ headersTimeout: times.headers, requestTimeout: times.request }, answer)
  server.maxConnections = maxConnections
  const connections = trackConnections(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new ListenError({ host, port, cause })))
    server.listen({ host, port, exclusive: true }, resolve)
  })
  const address = server.address()
  const actualPort = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${browserHost(host)}:${actualPort}`,
    port: actualPort,
    close: () => close(server, connections),
  }
}

function badAddress(): Response {
  const error = new ApiError({
    status: 400,
    code: 'invalid_url',
    message: 'the address or the Host header is not valid',
  })
  return Response.json(error.body(), { status: error.status, headers: webHeaders })
}

async function close(server: Server, connections: Connections): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), times.shutdown)
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  connections.dropQuiet()
  await closed
  clearTimeout(cut)
}

/** How a browser reaches a server that listens there. */
function browserHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
