/** A page that runs the programs of a README: built as its author would, opened in a browser. */
import { globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright'
import { succeed } from './commands.ts'
import type { Project } from './projects.ts'
import { serve } from './static-server.ts'
import { uses } from './uses.ts'

/** The bundler tells that a build was slow: on a busy machine any is. */
const timings = /\S*\[PLUGIN_TIMINGS\][\s\S]*?for more details\./g

/** Builds `dist` from `index.html` with vite as it comes. The bytes of JavaScript; throws `CommandError`. */
export async function buildPage({ folder, package: one }: Project): Promise<number> {
  const output = await succeed('vite', ['build', '--logLevel', 'warn'], { cwd: folder })
  const known = [timings, ...(uses[one.name]?.warnings ?? [])]
  const warnings = known.reduce((text, warning) => text.replaceAll(warning, ''), output).trim()
  if (warnings !== '') throw new PageError(one.name, `vite warns: ${warnings}`)
  const scripts = globSync('dist/**/*.js', { cwd: folder })
  return scripts.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
}

/** A page that cannot be built cleanly, or does not come to its end. */
class PageError extends Error {
  override readonly name = 'PageError'
  readonly page: string
  constructor(page: string, problem: string) {
    super(`the page of ${page}: ${problem}`)
    this.page = page
  }
}

interface Outcome {
  readonly outputs: readonly string[]
  readonly error?: string
}

/** What each program printed in the built page. Throws `PageError` with everything that the page complained about. */
export async function openPage(
  { folder, package: one }: Project,
  browser: Browser,
): Promise<readonly string[]> {
  // The project itself is served as well: programs find the files of the embedded model where they are in Node.
  const server = await serve([join(folder, 'dist'), folder])
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`)
  })
  try {
    await page.goto(server.url)
    const isDone = (): unknown => (globalThis as { outcome?: Outcome }).outcome
    const handle = await page.waitForFunction(isDone, undefined, { timeout: 50_000 })
    const outcome = (await handle.jsonValue()) as Outcome
    const problems = outcome.error === undefined ? complaints : [...complaints, outcome.error]
    if (problems.length > 0) throw new PageError(one.name, problems.join('\n'))
    return outcome.outputs
  } catch (error) {
    if (error instanceof PageError) throw error
    throw new PageError(one.name, [...complaints, String(error)].join('\n'))
  } finally {
    await page.close()
    await server.close()
  }
}
