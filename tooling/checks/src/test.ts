/**
 * `pnpm test [file ...]`: generates what tests need, finds or installs a browser, runs every test, and
 * closes with one plain line, `N passed, N failed, N skipped`. Arguments go to vitest.
 */
import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { generate } from '@octoscale/build/generate'
import { findBrowser } from './browser.ts'
import { installBrowser } from './install-browser.ts'
import { closingLine, describeSkipped, isGood, type Skipped, type TestSummary } from './test-summary.ts'

const root = resolve(import.meta.dirname, '../../..')
const browserTests = '{packages,apps}/*/src/**/*.browser.test.ts'
const nothing: TestSummary = { passed: 0, failed: 1, skipped: [] }

const summary = generate() ? run(process.argv.slice(2)) : nothing
for (const line of describeSkipped(summary.skipped)) console.log(line)
console.log(closingLine(summary))
process.exitCode = isGood(summary) ? 0 : 1

function run(args: readonly string[]): TestSummary {
  const missing = findBrowser() === undefined ? installBrowser() : undefined
  if (missing !== undefined) console.log(missing)
  const ran = runVitest(args)
  const skipped = missing === undefined ? [] : filesWithoutBrowser(args, missing)
  return { ...ran, skipped: [...ran.skipped, ...skipped] }
}

/** vitest in a process of its own: its output streams through, its summary comes back in a file. */
function runVitest(args: readonly string[]): TestSummary {
  const folder = mkdtempSync(join(tmpdir(), 'octoscale-test-'))
  const file = join(folder, 'summary.json')
  try {
    const reporter = join(import.meta.dirname, 'summary-reporter.ts')
    const result = spawnSync(
      'vitest',
      ['run', '--passWithNoTests', '--reporter=default', `--reporter=${reporter}`, ...args],
      {
        cwd: root,
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, ...plainOutput(), OCTOSCALE_TEST_SUMMARY: file },
      },
    )
    const summary = JSON.parse(readFileSync(file, 'utf8')) as TestSummary
    // vitest can fail for a reason that no test shows: the run is then not a good one either.
    return result.status !== 0 && summary.failed === 0 ? { ...summary, failed: 1 } : summary
  } catch (error) {
    console.error(`vitest did not finish: ${error instanceof Error ? error.message : String(error)}`)
    return nothing
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A log is read without colours; vitest would colour it wherever `CI` is set. */
function plainOutput(): NodeJS.ProcessEnv {
  return process.stdout.isTTY || process.env.FORCE_COLOR !== undefined ? {} : { NO_COLOR: '1' }
}

function filesWithoutBrowser(args: readonly string[], reason: string): Skipped[] {
  const filters = args.filter((arg) => !arg.startsWith('-'))
  return globSync(browserTests, { cwd: root })
    .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
    .map((test) => ({ test, reason }))
}
