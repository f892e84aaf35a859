/** Whether the host of this page is an Octoscale server, and which models it has. */

export interface ServerModel {
  readonly id: string
  /** Tokens; undefined when the server does not tell. */
  readonly contextLength: number | undefined
}

export interface ServerInfo {
  /** For example `http://127.0.0.1:8080/v1`. */
  readonly baseUrl: string
  readonly models: readonly ServerModel[]
  /** Sent with every request, where the server wants one. */
  readonly apiKey: string | undefined
}

/** Keys of other characters cannot stand in a header; there is no use in asking with one. */
const sendable = /^[\x21-\x7e]+$/

/** A host that answers later than this counts as a plain one. */
const patienceMilliseconds = 4000

/** What the page found out; `refused`: there is a server, and it wants a key, or another one. */
export type FoundServer = ServerInfo | 'refused' | undefined

/** Undefined where nothing answers as a model server does: static hosts, no connection. */
export async function findServer(
  page: URL,
  apiKey: string | undefined,
  request: typeof fetch = fetch,
): Promise<FoundServer> {
  const base = new URL('v1', page)
  if (apiKey !== undefined && !sendable.test(apiKey)) return 'refused'
  try {
    const headers = new Headers({ accept: 'application/json' })
    if (apiKey !== undefined) headers.set('authorization', `Bearer ${apiKey}`)
    const signal = AbortSignal.timeout(patienceMilliseconds)
    const response = await request(`${base.href}/models`, { signal, headers })
    if (response.status === 401) return 'refused'
    if (!response.ok) return undefined
    const models = readModels(await response.json())
    return models.length === 0 ? undefined : { baseUrl: base.href, models, apiKey }
  } catch {
    return undefined
  }
}

function readModels(body: unknown): ServerModel[] {
  const data = isObject(body) ? body.data : undefined
  if (!Array.isArray(data)) return []
  return data.filter(isObject).flatMap((row) => {
    if (typeof row.id !== 'string' || row.id === '') return []
    const length = row.context_length ?? row.max_model_len
    const known = typeof length === 'number' && Number.isInteger(length) && length > 0
    return [{ id: row.id, contextLength: known ? length : undefined }]
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
