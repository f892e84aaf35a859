/** What a test run came to: the record between vitest's reporter and the command `pnpm test`. */

export interface Skipped {
  /** File and title. */
  readonly test: string
  readonly reason: string
}

export interface TestSummary {
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly Skipped[]
}

/** Most titles listed for one reason: a filter by title skips nearly everything. */
const listed = 10

/** The skipped tests under their reasons, as lines. */
export function describeSkipped(skipped: readonly Skipped[]): string[] {
  const reasons = Map.groupBy(skipped, (one) => one.reason)
  return [...reasons].flatMap(([reason, tests]) => [
    `skipped: ${reason}`,
    ...tests.slice(0, listed).map((one) => `  ${one.test}`),
    ...(tests.length > listed ? [`  and ${tests.length - listed} more`] : []),
  ])
}

/** The closing line. Its form is fixed: tools read it. */
export function closingLine(summary: TestSummary): string {
  return `${summary.passed} passed, ${summary.failed} failed, ${summary.skipped.length} skipped`
}

/** A run is good when something ran and nothing failed. */
export function isGood(summary: TestSummary): boolean {
  return summary.failed === 0 && summary.passed > 0
}
