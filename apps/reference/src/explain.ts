/** Ends the process with a message for a person instead of a stack trace. */
import { styleText } from 'node:util'

/** A fault in how the command was called: exit code 2, as usual for usage errors. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Runs `main`; an error is one line on stderr and exit code 1 (2 for usage, 130 for Ctrl-C). `OCTOSCALE_DEBUG=1` adds the stack. */
export async function runOrExplain(main: () => Promise<void>): Promise<void> {
  // A reader that goes away (`octoscale chat ... | head -1`) is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
  try {
    await main()
  } catch (error) {
    const aborted = error instanceof DOMException && error.name === 'AbortError'
    process.exitCode = aborted ? 130 : error instanceof UsageError ? 2 : 1
    if (aborted) return
    const text = error instanceof Error ? `${error.message}` : String(error)
    process.stderr.write(`${styleText('red', 'octoscale:', { stream: process.stderr })} ${text}\n`)
    if (error instanceof UsageError) process.stderr.write('Try: octoscale --help\n')
    if (process.env.OCTOSCALE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  }
}
