/** The built web app, from a folder. */
import { serveStatic } from '@hono/node-server/serve-static'
import type { MiddlewareHandler } from 'hono'
import { cacheControlOf } from './web-headers.ts'

/**
 * Serves files under `folder` (an absolute path), `index.html` for `/`; ranges, HEAD, and `x.br` or `x.gz` beside `x` for who
 * takes it. Paths with `..`, backslashes or percent signs are not found. What is not there is left to the next handler.
 */
export function webFiles(folder: string): MiddlewareHandler {
  const files = serveStatic({ root: folder, precompressed: true })
  return async (context, next) => {
    // Dotfiles are no part of a web app, whatever lies in the folder.
    if (/\/\./.test(context.req.path)) return next()
    let found = true
    const response = await files(context, async () => {
      found = false
      await next()
    })
    if (!found || response === undefined) return response
    response.headers.set('Cache-Control', cacheControlOf(context.req.path))
    return response
  }
}
