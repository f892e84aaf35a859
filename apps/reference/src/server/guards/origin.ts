/** Which web pages may use this server: its own, and those of origins that were named. */
import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import { ApiError } from '../api-error.ts'

/**
 * Answers 403 to pages of other origins. Requests without `Origin` pass: they come from programs, or from a browser that
 * will not show the answer to a page of another origin. Must come after the check of the host.
 */
export function originGuard(allowed: readonly string[]): MiddlewareHandler {
  return async (context, next) => {
    const origin = context.req.header('origin')
    const host = context.req.header('host') ?? new URL(context.req.url).host
    if (origin !== undefined && !isAllowedOrigin(origin, host, allowed)) {
      throw new ApiError({
        status: 403,
        type: 'permission_error',
        code: 'origin_not_allowed',
        message: 'pages of this origin may not use this server: start it with --cors ORIGIN to allow one',
      })
    }
    await next()
  }
}

/** Own pages have the host that they ask; behind a proxy perhaps with https. `null` (files, sandboxed frames) is foreign. */
function isAllowedOrigin(origin: string, host: string, allowed: readonly string[]): boolean {
  const own = host.toLowerCase()
  return origin === `http://${own}` || origin === `https://${own}` || allowed.includes(origin)
}

/** Lets pages of the allowed origins read answers. Never with credentials; keys travel in a header that the page sets. */
export function allowOrigins(allowed: readonly string[]): MiddlewareHandler {
  return cors({
    origin: [...allowed],
    allowMethods: ['GET', 'HEAD', 'POST'],
    exposeHeaders: ['x-request-id', 'retry-after'],
    maxAge: 600,
  })
}
