/** What servers answer instead of an answer, as a `ModelError`. */
import { ModelError } from '../errors.ts'
import { isRecord } from '../is-record.ts'

const longestMessage = 2000

/** An error in the middle of an answer: `{ message, code?, type? }`, or only text. */
export function serverError(error: unknown): ModelError {
  const { message, code } = readError(error)
  return new ModelError({ kind: 'server', problem: `the server reported an error: ${message}`, code })
}

/** An answer with a status that is no success. `body`: its text, cut off where it is long. */
export function statusError(response: Response, body: string): ModelError {
  const { status } = response
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    parsed = body
  }
  // OpenAI nests `error`; FastAPI has `detail`; others put the message at the top.
  const error = isRecord(parsed) ? (parsed.error ?? parsed.detail ?? parsed) : parsed
  const { message, code } = readError(error)
  const problem = `the server answered ${status}${message === '' ? '' : `: ${message}`}`
  const retryAfter = readRetryAfter(response.headers.get('retry-after'))
  return new ModelError({ kind: 'status', problem, status, code, retryAfter })
}

function readError(error: unknown): { message: string; code: string | undefined } {
  if (typeof error === 'string') return { message: error.slice(0, longestMessage), code: undefined }
  if (!isRecord(error))
    return { message: JSON.stringify(error)?.slice(0, longestMessage) ?? '', code: undefined }
  const { message, code, type } = error
  const named = [code, type].find((value) => typeof value === 'string' && value !== '')
  return {
    message: (typeof message === 'string' ? message : JSON.stringify(error)).slice(0, longestMessage),
    code:
      typeof named === 'string' ? named.slice(0, 100) : typeof code === 'number' ? String(code) : undefined,
  }
}

/** Seconds, from a number of them or a date. */
function readRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined
  const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined
}
