/** The sources of a user's project: programs, entries, a page. */
import type { Program } from './programs.ts'
import type { PackedPackage } from './release.ts'

/** The subpaths that are code, not data: `['', '/node']`. */
export function entriesOf({ manifest }: Pick<PackedPackage, 'manifest'>): string[] {
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => typeof target === 'object')
    .map(([subpath]) => subpath.slice(1))
}

/** Entries that a page has no use for. */
const notForPages = ['/node', '/testing']

/**
 * File names and contents: `entries.ts` imports all that the package offers, `program-0.ts` and so on are for Node, the
 * same with `.page` for pages, `index.html` is a page that runs them.
 */
export function sourcesOf(one: PackedPackage, programs: readonly Program[]): Record<string, string> {
  const all = entriesOf(one)
  const files: Record<string, string> = {
    'entries.ts': importAll(one.name, all),
    'entries.page.ts': importAll(
      one.name,
      all.filter((entry) => !notForPages.includes(entry)),
    ),
    'index.html':
      '<!doctype html>\n<link rel="icon" href="data:,">\n<script type="module" src="./main.ts"></script>\n',
    'main.ts': mainOf(programs.length),
  }
  for (const [index, program] of programs.entries()) {
    files[`program-${index}.ts`] = program.node
    files[`program-${index}.page.ts`] = program.page
  }
  return files
}

function importAll(name: string, entries: readonly string[]): string {
  const imports = entries.map((entry, index) => `import * as entry${index} from '${name}${entry}'\n`)
  return `${imports.join('')}export const entries = [${entries.map((_, index) => `entry${index}`).join(', ')}]\n`
}

/** Runs the programs one after the other; `outcome` is there when all is done. */
function mainOf(count: number): string {
  const imports = Array.from({ length: count }, (_, index) => `() => import('./program-${index}.page.ts')`)
  return `import { printed } from './capture.ts'

const outputs = []
try {
  for (const run of [${imports.join(', ')}]) {
    await run()
    outputs.push(printed.splice(0).join(''))
  }
  globalThis.outcome = { outputs }
} catch (error) {
  globalThis.outcome = { outputs, error: error instanceof Error ? error.stack : String(error) }
}
`
}
