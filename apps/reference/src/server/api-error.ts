/** Errors as OpenAI-compatible clients expect them: a status, and a body that they branch on. */
import type { ContentfulStatusCode } from 'hono/utils/http-status'

export type ApiErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'permission_error'
  | 'rate_limit_error'
  | 'server_error'

export interface ApiErrorBody {
  readonly error: {
    readonly message: string
    readonly type: ApiErrorType
    readonly param: string | null
    readonly code: string | null
  }
}

/** A request that gets no answer. The message is for the caller and says what to do. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: ContentfulStatusCode
  readonly type: ApiErrorType
  /** Path of the field at fault, such as `messages[0].content`. */
  readonly param: string | null
  /** What programs branch on, such as `context_length_exceeded`. */
  readonly code: string | null
  /** Headers of the answer beside the usual ones. */
  readonly headers: Readonly<Record<string, string>>
  constructor(facts: {
    status: ContentfulStatusCode
    message: string
    type?: ApiErrorType
    param?: string | null
    code?: string | null
    headers?: Readonly<Record<string, string>>
    cause?: unknown
  }) {
    super(facts.message, { cause: facts.cause })
    this.status = facts.status
    this.type = facts.type ?? 'invalid_request_error'
    this.param = facts.param ?? null
    this.code = facts.code ?? null
    this.headers = facts.headers ?? {}
  }

  body(): ApiErrorBody {
    const { message, type, param, code } = this
    return { error: { message, type, param, code } }
  }
}

/** The request's field `param` is at fault: 400. */
export function badRequest(param: string, problem: string, code: string | null = null): ApiError {
  return new ApiError({ status: 400, param, code, message: `${param}: ${problem}` })
}

/** The request asks for what this server cannot do, and must not pretend to: 400. */
export function unsupported(param: string, problem: string): ApiError {
  return badRequest(param, problem, 'unsupported_parameter')
}
