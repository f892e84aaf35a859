/**
 * The headers that every answer of the server carries, as data: whoever puts the built web app on another host must send
 * the same. They keep foreign code and frames out, and isolate the page, without which it has no threads.
 */

/** Nothing but the page's own files: no inline script or style, no other host. WebAssembly may be compiled. */
export const contentSecurityPolicy: string = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  // The threads of the WebAssembly backend are workers from blobs that the page itself makes.
  "worker-src 'self' blob:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export const webHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  // Both together make the page cross-origin isolated: SharedArrayBuffer, and with it threads, exists only there.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/** For files whose name holds a hash of their content, as Vite names what it puts into `assets/`. */
const immutableCache = 'public, max-age=31536000, immutable'

/** For files that keep their name when they change: ask each time whether they did. */
const revalidateCache = 'no-cache'

/** `index-BdT6sW2k.js`: a dash and at least eight characters of a hash before the extension. */
const hashedName = /-[\w-]{8,}\.\w+$/

/** The `Cache-Control` of a file of the built web app, by its path from the root, such as `/assets/index-BdT6sW2k.js`. */
export function cacheControlOf(path: string): string {
  return path.startsWith('/assets/') && hashedName.test(path) ? immutableCache : revalidateCache
}
