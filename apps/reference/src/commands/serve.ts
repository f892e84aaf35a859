/** `octoscale serve`: a model behind an OpenAI-compatible API, and the web app. */
import { octoTiny } from '@octoscale/octo-tiny'
import { type Llm, load } from 'octoscale'
import { createProgress } from '../progress.ts'
import { createApp } from '../server/app.ts'
import { AnswerQueue } from '../server/chat/answer-queue.ts'
import { modelId } from '../server/engine.ts'
import { type Listening, listen } from '../server/listen.ts'
import { printable } from '../terminal.ts'
import { openInBrowser } from './serve-open.ts'
import { parseServeArguments, type ServeArguments, serveHelp } from './serve-options.ts'
import { findWebFolder } from './serve-web.ts'

/** Runs until SIGINT or SIGTERM. Throws `UsageError`, `ListenError`, and what `load` throws. */
export async function serveCommand(args: string[]): Promise<void> {
  const options = parseServeArguments(args)
  if (options.help) {
    process.stdout.write(serveHelp)
    return
  }
  const web = options.web ? await findWebFolder() : undefined
  if (web?.notice !== undefined) note(web.notice)
  const llm = await loadModel(options)
  const queue = new AnswerQueue()
  try {
    if (llm.info.notice !== undefined) note(llm.info.notice)
    const app = createApp({
      engine: llm,
      queue,
      apiKey: options.apiKey,
      hosts: { allowed: [options.host, ...options.allowedHosts], anyAddress: !options.loopback },
      cors: options.cors,
      web: web?.folder,
      onFault: reportFault,
    })
    // Before the address is told: whoever waits for that line may stop the server at once.
    const stopped = stopSignal()
    const server = await listen(app, options)
    announce(options, llm, server, web?.folder !== undefined)
    if (options.open && web?.folder !== undefined) openInBrowser(server.url)
    await stopped
    // Both at once: open answers end with an error, and their connections with them.
    await Promise.all([queue.close(), server.close()])
  } finally {
    llm.dispose()
  }
}

async function loadModel({ model, backend, compute, maxContext }: ServeArguments): Promise<Llm> {
  const progress = createProgress(process.stderr)
  return await load(model ?? octoTiny, {
    backend,
    ...compute,
    ...(maxContext === undefined ? {} : { maxContext }),
    onProgress: progress.update,
  }).finally(progress.clear)
}

function announce({ json }: ServeArguments, llm: Llm, { url, port }: Listening, web: boolean): void {
  const model = modelId(llm.info.name)
  const { contextLength, backend } = llm.info
  if (json) {
    const line = { event: 'ready', url, port, model, contextLength, backend: backend.name, web }
    process.stdout.write(`${JSON.stringify(line)}\n`)
    return
  }
  const where = web ? `${url} (API: ${url}/v1)` : `${url}/v1`
  process.stdout.write(
    `${printable(model)} on ${backend.name}, ${contextLength} tokens of context: ${where}\n`,
  )
}

/** Only the kind of the fault: its message may hold what somebody wrote to the model. */
function reportFault(error: unknown, requestId: string): void {
  const kind = error instanceof Error ? error.name : typeof error
  note(`request ${requestId} failed: ${kind}`)
  if (process.env.OCTOSCALE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`)
}

function note(text: string): void {
  process.stderr.write(`${printable(text)}\n`)
}

/** Resolves at the first signal. A second one ends the process at once, as if nobody listened for it. */
async function stopSignal(): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = (): void => {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
      resolve()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
}
