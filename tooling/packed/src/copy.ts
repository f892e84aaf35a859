/** A copy of the repository in which versions can be set and packages packed. */
import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { publicPackages, root, trackedFiles } from '@octoscale/checks/workspace'

/** What `changeset version` and `pnpm pack` read. Fixtures, training data and golden data stay where they are. */
const wanted = /^(\.changeset|packages|apps|tooling|examples)\/|^[^/]+$/
const unwanted = /\/golden\/|^tooling\/(fixtures|train)\/(?!package\.json$)/

/** Whether a tracked file belongs into the copy. */
export function isCopied(file: string): boolean {
  return wanted.test(file) && !unwanted.test(file)
}

/**
 * Copies the working tree, uncommitted changes included, with what was built, into `target`. Of what is installed the
 * copy has links to siblings, because packing reads their versions there, and `changeset` with its parts. It has no
 * link to the whole `node_modules`: a package manager that installs in the copy would change the real one.
 */
export function copyRepository(target: string): void {
  for (const file of trackedFiles().filter(isCopied)) copy(file, target)
  copy('node_modules/@changesets', target)
  for (const { folder } of publicPackages()) {
    for (const made of ['dist', 'src/generated', 'node_modules/@octoscale']) copy(join(folder, made), target)
  }
}

/** Copies a file or folder, if it is there. Relative links stay relative: they lead into the copy. */
function copy(path: string, target: string): void {
  const from = join(root, path)
  if (!existsSync(from)) return
  mkdirSync(join(target, dirname(path)), { recursive: true })
  const isOutside = path.startsWith('node_modules/')
  cpSync(from, join(target, path), { recursive: true, verbatimSymlinks: !isOutside })
}
