/** Programs under Node, in a project with the installed packages. */
import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { succeed } from './commands.ts'
import { entriesOf } from './project-files.ts'
import type { Project } from './projects.ts'

/** What each program of the README printed, as `capture.ts` shows it. Throws `CommandError` when one fails. */
export async function runInNode(
  { folder, programs }: Pick<Project, 'folder' | 'programs'>,
  variables: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const outputs: string[] = []
  for (const index of programs.keys()) {
    const printed = join(folder, `printed-${index}.txt`)
    const args = ['--import', './capture.ts', `program-${index}.ts`]
    await succeed('node', args, { cwd: folder, variables: { ...variables, PRINTED: printed } })
    outputs.push(readFileSync(printed, 'utf8'))
  }
  return outputs
}

export interface LoadedEntry {
  readonly specifier: string
  /** The file that Node took, links resolved. */
  readonly file: string
  readonly exports: readonly string[]
}

/** Loads every entry of the package in plain Node. Throws `CommandError` when one does not load. */
export async function loadEntries({ package: one, folder }: Project): Promise<LoadedEntry[]> {
  const specifiers = entriesOf(one).map((entry) => one.name + entry)
  const loaded = await evaluate<LoadedEntry[]>(
    folder,
    `const specifiers = ${JSON.stringify(specifiers)}
const result = []
for (const specifier of specifiers) {
  const exports = Object.keys(await import(specifier))
  result.push({ specifier, file: import.meta.resolve(specifier), exports })
}`,
  )
  return loaded.map((entry) => ({ ...entry, file: realpathSync(fileURLToPath(entry.file)) }))
}

/**
 * Those of `names` that the installed package finds when its own files ask for them. What lies outside of the
 * installation does not count: a folder above the temporary one may have a `node_modules`, too.
 */
export function seenBy({ package: one, folder }: Project, names: readonly string[]): Promise<string[]> {
  return evaluate(
    folder,
    `import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
const main = realpathSync(fileURLToPath(import.meta.resolve('${one.name}')))
const home = main.slice(0, main.indexOf('/.pnpm/') + 1)
const { resolve } = createRequire(main)
const result = ${JSON.stringify(names)}.filter((name) => {
  try {
    return resolve(name).startsWith(home)
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return false
    throw error
  }
})`,
  )
}

/** The value of `result` after the module `code`. */
async function evaluate<T>(folder: string, code: string): Promise<T> {
  const module = `${code}\nprocess.stdout.write(JSON.stringify(result))`
  return JSON.parse(await succeed('node', ['--input-type=module', '--eval', module], { cwd: folder })) as T
}
