/** A local HTTP server that plays what a test gives it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ChatServer extends AsyncDisposable {
  /** Of the API. */
  readonly baseUrl: string
  readonly requests: readonly { readonly headers: IncomingMessage['headers']; readonly body: unknown }[]
}

/** Answers every request to `/v1/chat/completions` with `answer`. */
export async function startChatServer(
  answer: (response: ServerResponse, count: number) => void | Promise<void>,
): Promise<ChatServer> {
  const requests: { headers: IncomingMessage['headers']; body: unknown }[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const piece of request.setEncoding('utf8')) text += piece
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
      response.writeHead(404).end()
      return
    }
    requests.push({ headers: request.headers, body: JSON.parse(text) })
    await answer(response, requests.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** An event stream of these chunks, each as one event. */
export function streamChunks(response: ServerResponse, chunks: readonly (object | string)[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  for (const chunk of chunks) {
    response.write(`data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`)
  }
  response.end()
}

export function delta(part: object, finish_reason: string | null = null): object {
  return { choices: [{ index: 0, delta: part, finish_reason }] }
}
