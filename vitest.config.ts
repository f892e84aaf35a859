import { availableParallelism } from 'node:os'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type ViteUserConfig } from 'vitest/config'
import { browserFlags, findBrowser } from './tooling/checks/src/browser.ts'
import { webgpuEnvironment } from './tooling/checks/src/webgpu.ts'

// Packages are tested from their TypeScript source: no build step comes before a test.
const source = '@octoscale/source'
const executablePath = findBrowser()

// The processes of the tests inherit it. `test.env` would come too late for LD_LIBRARY_PATH.
Object.assign(process.env, webgpuEnvironment(executablePath))

const node = {
  resolve: { conditions: [source, 'module', 'import', 'node', 'default'] },
  ssr: {
    resolve: { conditions: [source, 'module', 'import', 'node', 'default'], externalConditions: [source] },
  },
  test: {
    name: 'node',
    include: ['{packages,apps,tooling}/*/src/**/*.test.{ts,tsx}', 'examples/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.browser.test.{ts,tsx}'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
}

const browser = {
  resolve: { conditions: [source, 'module', 'import', 'browser', 'default'] },
  // Shared memory, and with it threads, exists only in a cross-origin isolated page.
  server: {
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    },
  },
  // Found before the first test: what is found later reloads the page under a test. Workers are started by URL, which
  // the search does not follow.
  optimizeDeps: { entries: ['packages/agent-tools/src/javascript-worker.ts'] },
  test: {
    name: 'browser',
    api: { host: '127.0.0.1' },
    include: ['{packages,apps}/*/src/**/*.browser.test.{ts,tsx}'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      ui: false,
      provider: playwright({
        launchOptions: { executablePath: executablePath ?? '', args: [...browserFlags] },
      }),
      instances: [{ browser: 'chromium' as const }],
    },
  },
}

const config: ViteUserConfig = defineConfig({
  // Two at least: many tests wait for processes and pages. vitest would leave one of two cores to itself.
  test: {
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: executablePath === undefined ? [node] : [node, browser],
  },
})

export default config
