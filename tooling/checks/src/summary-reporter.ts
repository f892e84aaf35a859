/** A vitest reporter that writes a `TestSummary` to the file named by `OCTOSCALE_TEST_SUMMARY`. */
import { writeFileSync } from 'node:fs'
import type { SerializedError } from 'vitest'
import type { Reporter, TestCase, TestModule } from 'vitest/node'
import type { Skipped, TestSummary } from './test-summary.ts'

export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const file = process.env.OCTOSCALE_TEST_SUMMARY
    if (file !== undefined) writeFileSync(file, JSON.stringify(summarise(modules, unhandled.length)))
  }
}

function summarise(modules: readonly TestModule[], unhandledErrors: number): TestSummary {
  let passed = 0
  // What fails outside of a test (an import, a beforeAll, a stray rejection) counts as one failure each.
  let failed = unhandledErrors
  const skipped: Skipped[] = []
  for (const module of modules) {
    failed += module.errors().length
    for (const suite of module.children.allSuites()) failed += suite.errors().length
    for (const test of module.children.allTests()) {
      const result = test.result()
      if (result.state === 'passed') passed += 1
      else if (result.state === 'skipped') {
        const reason = result.note ?? (setupFailed(test) ? 'its setup failed' : 'no reason given')
        skipped.push({ test: `${module.relativeModuleId}: ${test.fullName}`, reason })
      } else failed += 1
    }
  }
  return { passed, failed, skipped }
}

/** vitest skips the tests of a suite whose beforeAll has thrown. */
function setupFailed(test: TestCase): boolean {
  for (let parent = test.parent; ; parent = parent.parent) {
    if (parent.errors().length > 0) return true
    if (parent.type === 'module') return false
  }
}
