/** The JSON body of a request: its type, its size and its depth are checked before it is parsed. */
import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { ApiError } from '../api-error.ts'
import { limits } from '../limits.ts'

/**
 * Requests with a body must say that it is JSON: a page of another site can send forms and text without asking first, but
 * not JSON. Answers 415, or 413 for more than `limits.bodyBytes`.
 */
export function jsonOnly(): MiddlewareHandler {
  const limit = bodyLimit({
    maxSize: limits.bodyBytes,
    onError: () => {
      throw new ApiError({
        status: 413,
        code: 'request_too_large',
        message: `the body has more than ${limits.bodyBytes} bytes: send fewer or shorter messages`,
      })
    },
  })
  return async (context, next) => {
    if (context.req.method !== 'POST') return next()
    const type = (context.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
    if (type !== 'application/json') {
      throw new ApiError({
        status: 415,
        code: 'unsupported_media_type',
        message: 'send JSON, with the header Content-Type: application/json',
      })
    }
    return limit(context, next)
  }
}

/** Throws `ApiError` 400 for what is not JSON, or too deep for the programs that read it. */
export async function readJson(context: Context): Promise<unknown> {
  const text = await context.req.text()
  if (depthOf(text) > limits.jsonDepth) {
    throw new ApiError({
      status: 400,
      message: `the body nests arrays and objects deeper than ${limits.jsonDepth}: flatten it`,
    })
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ApiError({ status: 400, code: 'invalid_json', message: 'the body is not JSON', cause })
  }
}

/** How deep arrays and objects nest in JSON text. Right for valid JSON; anything else the parser refuses. */
export function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (inString) {
      if (unit === 0x5c /* \ */) index++
      else if (unit === 0x22 /* " */) inString = false
    } else if (unit === 0x22) {
      inString = true
    } else if (unit === 0x5b /* [ */ || unit === 0x7b /* { */) {
      if (++depth > deepest) deepest = depth
    } else if (unit === 0x5d || unit === 0x7d) {
      depth--
    }
  }
  return deepest
}
