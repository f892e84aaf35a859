/** Which connections of a server are busy: Node's own notion leaves some open when the server closes. */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'

export interface Connections {
  /** Ends connections on which nothing is being answered, now and from now on as their answers end. */
  dropQuiet(): void
}

/** Browsers open connections ahead and keep them after an answer; Node closes only some of these with its server. */
export function trackConnections(server: Server): Connections {
  const quiet = new Set<Socket>()
  let dropping = false
  const calm = (socket: Socket): void => {
    if (dropping) socket.end()
    else if (!socket.destroyed) quiet.add(socket)
  }
  server.on('connection', (socket) => {
    calm(socket)
    socket.once('close', () => quiet.delete(socket))
  })
  server.on('request', ({ socket }, response) => {
    quiet.delete(socket)
    response.once('close', () => calm(socket))
  })
  return {
    dropQuiet() {
      dropping = true
      for (const socket of quiet) socket.destroy()
    },
  }
}
