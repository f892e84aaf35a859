import { defineConfig } from 'vitest/config'

// Packages are tested from their TypeScript source: no build step comes before a test.
const conditions = ['@octoscale/source', 'module', 'import', 'node', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@octoscale/source'] } },
  test: {
    include: ['{packages,apps,tooling}/*/src/**/*.test.ts', 'examples/**/*.test.ts'],
    testTimeout: 60_000,
  },
})
