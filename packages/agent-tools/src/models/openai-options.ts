import { describe } from '../describe.ts'
import { AgentOptionError } from '../errors.ts'

export interface OpenAiOptions {
  /** Of the API, for example `http://127.0.0.1:8080/v1`: `/chat/completions` is added. http or https. */
  readonly baseUrl: string
  readonly model: string
  /** Sent as a bearer token. It never stands in an error message. */
  readonly apiKey?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Instead of the global `fetch`. */
  readonly fetch?: typeof fetch | undefined
  /** Default true. A server that answers as a whole all the same is understood. */
  readonly stream?: boolean | undefined
  /** Left out: what the server does by default. Sent in the spellings of DeepSeek, vLLM and SGLang. */
  readonly thinking?: boolean | undefined
  readonly temperature?: number | undefined
  readonly topP?: number | undefined
  /** Tokens of one answer at most. */
  readonly maxTokens?: number | undefined
  readonly seed?: number | undefined
  /** Further fields of the request body, for what servers have of their own. */
  readonly body?: Readonly<Record<string, unknown>> | undefined
}

/**
 * Where to send requests, and with which headers.
 *
 * @throws AgentOptionError
 */
export function checkOpenAiOptions(options: OpenAiOptions): { url: string; headers: Headers } {
  const { baseUrl, model, apiKey } = options
  const fail = (option: string, expected: string, got: unknown): never => {
    throw new AgentOptionError({ option, expected, got: describe(got) })
  }
  const url = typeof baseUrl === 'string' && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    return fail('baseUrl', 'an http or https address', baseUrl)
  }
  if (url.username !== '' || url.password !== '') {
    return fail('baseUrl', 'an address without a password: use apiKey or headers', url.origin)
  }
  if (url.search !== '' || url.hash !== '') {
    return fail('baseUrl', 'an address without a query', url.origin)
  }
  if (typeof model !== 'string' || model === '') fail('model', 'the name of a model', model)
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new AgentOptionError({
      option: 'apiKey',
      expected: 'printable ASCII without spaces',
      got: 'something else',
    })
  }
  for (const option of ['temperature', 'topP', 'maxTokens', 'seed'] as const) {
    const value = options[option]
    if (value !== undefined && !Number.isFinite(value)) fail(option, 'a number', value)
  }
  return {
    url: `${url.origin}${url.pathname.replace(/\/+$/, '')}/chat/completions`,
    headers: toHeaders(options),
  }
}

function toHeaders({ apiKey, headers }: OpenAiOptions): Headers {
  let all: Headers
  try {
    all = new Headers(headers)
  } catch (error) {
    const got = error instanceof Error ? error.message : describe(error)
    throw new AgentOptionError({ option: 'headers', expected: 'names and values of HTTP headers', got })
  }
  all.set('content-type', 'application/json')
  all.set('accept', 'text/event-stream, application/json')
  if (apiKey !== undefined) all.set('authorization', `Bearer ${apiKey}`)
  return all
}
