/** The web app: `src/web` to `dist/web`, static files that work under any path of any host. */
import { fileURLToPath } from 'node:url'
import type { Plugin, UserConfig } from 'vite'
import { contentSecurityPolicy } from './src/server/web-headers.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/** What only a header can say; a browser warns about it in a `<meta>`. */
const headerOnly = /^frame-ancestors /

/** The server's policy in the page itself, for hosts that send no headers. Not in development: Vite needs inline styles. */
function policyInPage(): Plugin {
  const content = contentSecurityPolicy
    .split('; ')
    .filter((directive) => !headerOnly.test(directive))
    .join('; ')
  const attrs = { 'http-equiv': 'Content-Security-Policy', content }
  return {
    name: 'octoscale:policy-in-page',
    apply: 'build',
    transformIndexHtml: () => [{ tag: 'meta', attrs, injectTo: 'head-prepend' }],
  }
}

const config: UserConfig = {
  root: path('./src/web'),
  // Relative addresses: the folder can be put anywhere.
  base: './',
  // Packages of the workspace run from source: a build of the page needs no build of them.
  resolve: { conditions: ['@octoscale/source', 'module', 'browser', 'import', 'default'] },
  plugins: [policyInPage()],
  worker: { format: 'es' },
  build: {
    outDir: path('./dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // Every file has an address of its own: the policy allows no data: URLs in scripts, workers or fetch.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
  },
  server: { host: '127.0.0.1' },
}

// Vite takes its configuration from the default export.
export default config
