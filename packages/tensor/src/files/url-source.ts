/** Files on the network, read with HTTP range requests; whole when the server does not know ranges. */
import { type ByteSource, checkRange, type Folder, makeRoom } from './byte-source.ts'
import { FileNotFoundError, FileReadError } from './errors.ts'
import { printable } from './json-keys.ts'
import { joinUrl, urlName } from './url-name.ts'

export interface UrlOptions {
  /**
   * For example `{ authorization: 'Bearer …' }`. A redirect to another host is followed: `fetch` takes `authorization`
   * and cookies out there, but no other header.
   */
  readonly headers?: Readonly<Record<string, string>>
  /** Instead of the global `fetch`. */
  readonly fetch?: typeof fetch
  /** Ends requests under way and later ones: they throw its reason. */
  readonly signal?: AbortSignal
  /** Largest file to take whole from a server that ignores ranges; default 1 GiB. */
  readonly maxWholeBytes?: number
}

/** What the first request told. `start`: the file's first bytes, or all of it. */
interface Opened {
  readonly size: number
  readonly tag: string | undefined
  readonly start: Uint8Array
}

/** A URL, how messages call it, and how it is asked for. */
interface Place {
  readonly name: string
  readonly url: string
  readonly options: UrlOptions
}

/** The first request asks for so much: most headers of one tensor file, so that opening takes one round trip. */
const FIRST_BYTES = 65_536
const WHOLE = 'it does not know ranges; raise maxWholeBytes'

/** Chromium's cache now and then answers a range of a file that it holds in pieces with nothing: ask once more, past it. */
const pastCache: RequestCache = 'no-store'

/**
 * A file behind a URL. Nothing is requested before the first `size` or `read`.
 * Throws `FileNotFoundError` (404, 410) and `FileReadError` (other statuses, network faults, a wrong range in
 * the answer, a file that changes between two requests).
 */
export function urlSource(url: string | URL, options: UrlOptions = {}): ByteSource {
  const name = urlName(url)
  const place: Place = { name, url: `${url}`, options }
  let opening: Promise<Opened> | undefined
  const opened = () => {
    opening ??= open(place).catch((error) => {
      opening = undefined
      throw error
    })
    return opening
  }
  return {
    name,
    size: async () => (await opened()).size,
    async read(offset, length) {
      const { size, tag, start } = await opened()
      checkRange(name, offset, length, size)
      // Also: a range of no bytes cannot be asked for.
      if (length === 0 || offset + length <= start.byteLength) return start.slice(offset, offset + length)
      const range = { offset, length, size, tag }
      const bytes = await readRange(place, range)
      if (bytes.byteLength === length) return bytes
      const again = await readRange(place, range, pastCache)
      if (again.byteLength === length) return again
      throw unreadable(name, `answered ${again.byteLength} bytes, asked were ${length} from ${offset}`)
    },
  }
}

/**
 * The files below a URL, for example `https://host/owner/model/resolve/main`. A query (an access token, say) goes with
 * each of them.
 */
export function urlFolder(url: string | URL, options: UrlOptions = {}): Folder {
  const name = urlName(url).replace(/\/+$/, '')
  return { name, open: async (file) => urlSource(joinUrl(`${url}`, file), options) }
}

async function open(place: Place, cache?: RequestCache): Promise<Opened> {
  const { name, options } = place
  const response = await request(place, 0, FIRST_BYTES, cache)
  const tag = versionOf(response)
  // A server answers 416 to a range of an empty file.
  if (response.status === 416) {
    await response.body?.cancel()
    return { size: 0, tag, start: new Uint8Array() }
  }
  if (response.status === 206) {
    const problem = rangeProblem(response, { offset: 0 })
    if (problem !== undefined) return refuseAnswer(place, response, problem)
    const start = await readBody(place, response, FIRST_BYTES)
    // A page on another origin sees Content-Range only if the server exposes it.
    const size = contentRange(response)?.size ?? (await sizeByHead(place))
    if (start.byteLength === Math.min(size, FIRST_BYTES)) return { size, tag, start }
    if (cache === undefined) return open(place, pastCache)
    throw unreadable(name, `answered ${start.byteLength} bytes to a request for the first ${FIRST_BYTES}`)
  }
  const limit = options.maxWholeBytes ?? 2 ** 30
  const claimed = Number(response.headers.get('content-length') ?? 0)
  if (claimed > limit) return refuseAnswer(place, response, tooLong(limit, WHOLE))
  const start = await readBody(place, response, limit, WHOLE)
  return { size: start.byteLength, tag, start }
}

/** At most `length` bytes of the file that was opened. */
async function readRange(
  place: Place,
  { offset, length, size, tag }: { offset: number; length: number; size: number; tag: string | undefined },
  cache?: RequestCache,
): Promise<Uint8Array> {
  const response = await request(place, offset, length, cache)
  const problem = rangeProblem(response, { offset, size, tag })
  return problem === undefined ? readBody(place, response, length) : refuseAnswer(place, response, problem)
}

function rangeProblem(
  response: Response,
  { offset, size, tag }: { offset: number; size?: number; tag?: string | undefined },
): string | undefined {
  if (response.status !== 206) return `answered ${response.status} to a range request`
  const range = contentRange(response)
  const otherSize = size !== undefined && range?.size !== undefined && range.size !== size
  const otherFile = otherSize || changed(tag, versionOf(response))
  if (otherFile) return 'has changed on the server since it was opened; open it again'
  // Ranges of compressed bytes would be unpacked as if they were the file's.
  const coding = response.headers.get('content-encoding') ?? 'identity'
  if (coding !== 'identity') return `answered a range in the encoding ${printable(coding)}`
  if (range === undefined || range.first === offset) return undefined
  return `answered from byte ${range.first}, asked was ${offset}`
}

async function request(
  place: Place,
  offset: number,
  length: number,
  cache?: RequestCache,
): Promise<Response> {
  const range = `bytes=${offset}-${offset + length - 1}`
  const init: RequestInit = { headers: { ...place.options.headers, range } }
  const response = await send(place, cache === undefined ? init : { ...init, cache })
  if (response.ok || response.status === 416) return response
  await response.body?.cancel()
  if (response.status === 404 || response.status === 410) throw new FileNotFoundError({ path: place.name })
  throw unreadable(place.name, `the server answered ${response.status} ${response.statusText}`)
}

async function sizeByHead(place: Place): Promise<number> {
  const response = await send(place, { method: 'HEAD', headers: { ...place.options.headers } })
  const length = response.headers.get('content-length')
  const size = Number(length)
  if (response.ok && length !== null && Number.isSafeInteger(size) && size >= 0) return size
  throw unreadable(place.name, 'the server tells no size: expose Content-Range to this page, or answer HEAD')
}

async function send({ name, url, options }: Place, init: RequestInit): Promise<Response> {
  try {
    return await (options.fetch ?? fetch)(url, { ...init, signal: options.signal ?? null })
  } catch (cause) {
    options.signal?.throwIfAborted()
    const message = cause instanceof Error ? cause.message : `${cause}`
    // What fetch says of a bad URL quotes it, with whatever secret it has.
    const told = message.includes(url) ? undefined : cause
    throw unreadable(name, `the request failed: ${message.replaceAll(url, name)}`, told)
  }
}

/** At most `limit` bytes, whatever the server sends, in memory that grows with what has come: not with what is claimed. */
async function readBody(
  { name, options }: Place,
  response: Response,
  limit: number,
  hint = '',
): Promise<Uint8Array> {
  let bytes = makeRoom(name, Math.min(limit, FIRST_BYTES))
  let total = 0
  let tooMany = false
  try {
    for await (const chunk of chunksOf(response)) {
      const end = total + chunk.byteLength
      tooMany = end > limit
      if (tooMany) break
      if (end > bytes.byteLength) {
        const larger = makeRoom(name, Math.min(limit, Math.max(end, 2 * bytes.byteLength)))
        larger.set(bytes.subarray(0, total))
        bytes = larger
      }
      bytes.set(chunk, total)
      total = end
    }
  } catch (cause) {
    options.signal?.throwIfAborted()
    if (cause instanceof FileReadError) throw cause
    throw unreadable(name, `the connection broke after ${total} bytes`, cause)
  }
  if (tooMany) throw unreadable(name, tooLong(limit, hint))
  return total === bytes.byteLength ? bytes : bytes.slice(0, total)
}

/** A reader loop: not every browser can iterate a stream. Leaving the loop early cancels the transfer. */
async function* chunksOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader()
  if (reader === undefined) return
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value
  } finally {
    await reader.cancel()
  }
}

/** What it says, if it is there; `first` is NaN if that is no range. */
function contentRange(response: Response): { first: number; size: number | undefined } | undefined {
  const text = response.headers.get('content-range')
  if (text === null) return undefined
  const [, first, size] = /^bytes (\d{1,15})-\d+\/(\d{1,15}|\*)$/i.exec(text) ?? []
  return { first: Number(first), size: size === undefined || size === '*' ? undefined : Number(size) }
}

/** A strong ETag promises the same bytes; next to it the time of a change that was a minute ago or more. */
function versionOf(response: Response): string | undefined {
  const tag = response.headers.get('etag')
  if (tag?.startsWith('"')) return tag
  const modified = response.headers.get('last-modified')
  const now = Date.parse(response.headers.get('date') ?? '') || Date.now()
  // A server that makes its answers anew may always say that it was just now.
  return modified !== null && now - Date.parse(modified) >= 60_000 ? modified : undefined
}

function changed(before: string | undefined, now: string | undefined): boolean {
  if (before === undefined || now === undefined) return false
  return before.startsWith('"') === now.startsWith('"') && before !== now
}

function tooLong(limit: number, hint: string): string {
  return `the answer has more than ${limit} bytes${hint && `: ${hint}`}`
}

/** Ends the transfer of an answer that is of no use. */
async function refuseAnswer({ name }: Place, response: Response, problem: string): Promise<never> {
  // Where the connection is broken already, there is nothing to end.
  await response.body?.cancel().catch(() => {})
  throw unreadable(name, problem)
}

function unreadable(path: string, problem: string, cause?: unknown): FileReadError {
  return new FileReadError({ path, problem, cause })
}
