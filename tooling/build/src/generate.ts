/**
 * Makes what is generated and not committed (WebAssembly), silently when all is well.
 * turbo knows from the inputs when there is nothing to do.
 */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'

/** Runs the `generate` task of every package that has one. False after a failure, which it has printed. */
export function generate(): boolean {
  const result = spawnSync('turbo', ['run', 'generate', '--output-logs=errors-only', '--no-color'], {
    cwd: resolve(import.meta.dirname, '../../..'),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
  })
  if (result.status === 0) return true
  const started = result.error === undefined
  console.error(started ? `${result.stdout}${result.stderr}` : `cannot start turbo: ${result.error?.message}`)
  return false
}

if (import.meta.main) process.exit(generate() ? 0 : 1)
