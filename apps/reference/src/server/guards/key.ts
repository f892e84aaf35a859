/** The key that callers must know, if there is one. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { ApiError } from '../api-error.ts'

/** Answers 401 without `Authorization: Bearer KEY` or `x-api-key: KEY`. Only a hash of the key is kept. */
export function keyGuard(key: string): MiddlewareHandler {
  const expected = digest(key)
  return async (context, next) => {
    const [, bearer] = /^bearer +(.+)$/i.exec(context.req.header('authorization') ?? '') ?? []
    const given = bearer?.trim() ?? context.req.header('x-api-key')
    // Hashes have one length: comparing them takes the same time whatever was given.
    if (given === undefined || !timingSafeEqual(digest(given), expected)) {
      throw new ApiError({
        status: 401,
        type: 'authentication_error',
        code: 'invalid_api_key',
        message: `${given === undefined ? 'an API key is needed' : 'the API key is wrong'}: send it as Authorization: Bearer KEY`,
        headers: { 'WWW-Authenticate': 'Bearer' },
      })
    }
    await next()
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
