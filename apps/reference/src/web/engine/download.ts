/** Fetching the files of a model whole, with progress in bytes. */
import type { LoadProgress } from './protocol.ts'

/** A file of the model did not come. `status` is 0 when there was no answer, or when it broke off. */
class DownloadError extends Error {
  override readonly name = 'DownloadError'
  readonly url: string
  readonly status: number
  constructor(facts: { url: string; status: number; problem: string; cause?: unknown }) {
    super(`cannot download ${facts.url}: ${facts.problem}`, { cause: facts.cause })
    this.url = facts.url
    this.status = facts.status
  }
}

export interface DownloadOptions {
  readonly onProgress: (progress: LoadProgress) => void
  readonly signal: AbortSignal
}

/**
 * All files at once, by name. Whole files rather than ranges: static servers that do not know ranges work too, and
 * the browser's cache keeps them. Progress counts the weights, which are nearly all of it: hosts compress the small
 * files, and then do not tell their size. Throws `DownloadError`, or `signal.reason`.
 */
export async function downloadFiles(
  files: Readonly<Record<string, URL>>,
  { onProgress, signal }: DownloadOptions,
): Promise<Record<string, Uint8Array>> {
  const responses = await Promise.all(
    Object.entries(files).map(async ([name, url]) => [name, url, await open(url, signal)] as const),
  )
  const sizes = responses
    .filter(([name]) => isWeights(name))
    .map(([, , response]) => announcedBytes(response))
  const totalBytes = sizes.every((size) => size !== undefined) ? sizes.reduce((a, b) => a + b, 0) : undefined
  let bytes = 0
  const report = (more: number): void => {
    bytes += more
    onProgress({ phase: 'download', bytes, totalBytes })
  }
  report(0)
  const read = responses.map(async ([name, url, response]) => {
    return [name, await readAll(url, response, signal, isWeights(name) ? report : () => {})] as const
  })
  return Object.fromEntries(await Promise.all(read))
}

const isWeights = (name: string): boolean => name.endsWith('.safetensors')

async function open(url: URL, signal: AbortSignal): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, { signal })
  } catch (cause) {
    signal.throwIfAborted()
    throw new DownloadError({ url: url.href, status: 0, problem: 'no answer; check the connection', cause })
  }
  if (response.ok) return response
  await response.body?.cancel()
  throw new DownloadError({
    url: url.href,
    status: response.status,
    problem: `the server answered ${response.status}`,
  })
}

/** Content-Length counts bytes as sent: with a content encoding it says nothing about the file. */
function announcedBytes({ headers }: Response): number | undefined {
  const length = Number(headers.get('content-length') ?? Number.NaN)
  const encoded = !['', 'identity'].includes(headers.get('content-encoding') ?? '')
  return encoded || !Number.isSafeInteger(length) || length < 0 ? undefined : length
}

async function readAll(
  url: URL,
  response: Response,
  signal: AbortSignal,
  report: (more: number) => void,
): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  try {
    const reader = response.body?.getReader()
    for (let step = await reader?.read(); step && !step.done; step = await reader?.read()) {
      parts.push(step.value)
      report(step.value.byteLength)
    }
  } catch (cause) {
    signal.throwIfAborted()
    throw new DownloadError({ url: url.href, status: 0, problem: 'the connection broke; try again', cause })
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}
