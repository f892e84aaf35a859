/** Any server with OpenAI's chat completions as the model of an agent. */
import { ModelError } from '../errors.ts'
import { raceSignal } from '../run/race-signal.ts'
import type { AgentModel, ModelEvent, ModelRequest } from '../types.ts'
import { Completion } from './completion.ts'
import { checkOpenAiOptions, type OpenAiOptions } from './openai-options.ts'
import { toRequestBody } from './openai-request.ts'
import { serverError, statusError } from './server-error.ts'
import { type ServerSentEvent, SseParser } from './sse-parser.ts'

/** Bytes of an answer that does not stream, and of what is read of an error. */
const maxBodyBytes = 16_777_216
const maxErrorBytes = 65_536

/**
 * A model behind `POST {baseUrl}/chat/completions`: OpenAI, DeepSeek, vLLM, SGLang, llama.cpp, ollama, and the server
 * of Octoscale. Nothing is tried twice, and redirects are not followed: they could carry the key or the conversation
 * elsewhere. In a page the server must allow the page's origin (CORS).
 *
 * The iteration throws `ModelError`, and `signal.reason` after an abort.
 *
 * @throws AgentOptionError for options that make no request
 */
export function openAiModel(options: OpenAiOptions): AgentModel {
  const target = checkOpenAiOptions(options)
  return async function* (request) {
    try {
      yield* answer(target, options, request)
    } catch (error) {
      if (request.signal.aborted) throw request.signal.reason
      throw error instanceof ModelError ? withoutKey(error, options.apiKey) : error
    }
  }
}

type Target = ReturnType<typeof checkOpenAiOptions>

async function* answer(
  target: Target,
  options: OpenAiOptions,
  request: ModelRequest,
): AsyncGenerator<ModelEvent, void> {
  const response = await send(target, options, request)
  const type = response.headers.get('content-type') ?? ''
  if (!response.ok) {
    throw statusError(response, await readText(response, request.signal, maxErrorBytes, 'cut'))
  }
  const completion = new Completion()
  if (type.includes('json') && !type.includes('event-stream')) {
    const text = await readText(response, request.signal, maxBodyBytes, 'refuse')
    yield* completion.push(parseJson(text))
    yield { type: 'finish', result: completion.finish(true) }
    return
  }
  if (type.includes('text/html')) {
    await response.body?.cancel()
    const problem = `${target.url} answered with a web page: is baseUrl right? It often ends in /v1`
    throw new ModelError({ kind: 'protocol', problem, status: response.status })
  }
  let done = false
  for await (const { event, data } of readEvents(response, request.signal)) {
    if (data === '[DONE]') {
      done = true
      break
    }
    const chunk = parseJson(data)
    if (event === 'error') throw serverError((chunk as { error?: unknown } | null)?.error ?? chunk)
    yield* completion.push(chunk)
  }
  yield { type: 'finish', result: completion.finish(done) }
}

async function send(
  { url, headers }: Target,
  options: OpenAiOptions,
  request: ModelRequest,
): Promise<Response> {
  const { fetch = globalThis.fetch } = options
  const { signal } = request
  const body = JSON.stringify(toRequestBody(options, request))
  let response: Response
  try {
    const sent = fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
    response = await raceSignal(sent, signal)
  } catch (error) {
    throw networkError(`cannot reach ${new URL(url).origin}`, error)
  }
  // Pages see a redirect as status 0.
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
    await response.body?.cancel()
    const problem = 'the server redirects, which is not followed: give the final address as baseUrl'
    throw new ModelError({ kind: 'status', problem, status: response.status })
  }
  return response
}

async function* readEvents(response: Response, signal: AbortSignal): AsyncGenerator<ServerSentEvent, void> {
  const parser = new SseParser()
  for await (const bytes of readBytes(response, signal)) yield* parser.push(bytes)
  yield* parser.finish()
}

async function readText(
  response: Response,
  signal: AbortSignal,
  limit: number,
  tooLong: 'cut' | 'refuse',
): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const bytes of readBytes(response, signal)) {
    text += decoder.decode(bytes, { stream: true })
    size += bytes.length
    if (size <= limit) continue
    if (tooLong === 'cut') break
    throw new ModelError({ kind: 'protocol', problem: `the server's answer has more than ${limit} bytes` })
  }
  return text + decoder.decode()
}

async function* readBytes(response: Response, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  const reader = response.body?.getReader()
  if (reader === undefined) return
  try {
    while (true) {
      const { done, value } = await raceSignal(reader.read(), signal)
      if (done) return
      yield value
    }
  } catch (error) {
    throw error instanceof ModelError ? error : networkError('the answer broke off', error)
  } finally {
    // What is still to come is not wanted.
    reader.cancel().catch(() => {})
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const start = JSON.stringify(text.slice(0, 80))
    throw new ModelError({ kind: 'protocol', problem: `the server sent what is no JSON: ${start}`, cause })
  }
}

function networkError(what: string, cause: unknown): ModelError {
  // Node hides the reason one level deeper.
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
  const reason = inner instanceof Error ? inner.message : String(inner)
  return new ModelError({ kind: 'network', problem: `${what}: ${reason}`, cause })
}

/** Servers quote the key that they refuse. */
function withoutKey(error: ModelError, apiKey: string | undefined): ModelError {
  if (apiKey === undefined || !error.message.includes(apiKey)) return error
  const { kind, status, code, retryAfter } = error
  return new ModelError({ kind, problem: error.message.replaceAll(apiKey, '***'), status, code, retryAfter })
}
