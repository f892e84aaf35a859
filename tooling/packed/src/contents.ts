/** A look into tarballs: files, maps, linters, sizes. */
import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { command } from './commands.ts'
import type { PackedPackage } from './release.ts'

/** Every file below `folder`, relative, sorted; with those whose name begins with a dot. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}

/** Declaration maps that lead to files which are not there: "go to definition" would open nothing. */
export function mapProblems(folder: string): string[] {
  return globSync('**/*.d.ts.map', { cwd: folder }).flatMap((map) => {
    const { sources } = JSON.parse(readFileSync(join(folder, map), 'utf8')) as { sources: readonly string[] }
    return sources
      .filter((source) => !existsSync(join(folder, dirname(map), source)))
      .map((source) => `${map} leads to ${source}, which is not packed`)
  })
}

/** What publint and arethetypeswrong say against a tarball. */
export async function lintTarball({ tarball, folder, manifest, unpacked }: PackedPackage): Promise<string[]> {
  const { exports = {} } = manifest
  // Subpaths that are data (plain strings) have no types to look at.
  const data = Object.keys(exports).filter((subpath) => typeof exports[subpath] === 'string')
  const exclude = data.length === 0 ? [] : ['--exclude-entrypoints', ...data]
  const outcomes = [
    await command('publint', [tarball, '--strict'], { cwd: unpacked }),
    await command('attw', [tarball, '--profile', 'esm-only', '--no-emoji', ...exclude], { cwd: unpacked }),
  ]
  return outcomes.filter((one) => !one.ok).map((one) => `${folder}:\n${one.output}`)
}

/** Tarball, files, and the JavaScript of a page with the README's program. In kB of 1000 bytes. */
export function sizeTable(
  packages: readonly PackedPackage[],
  pageBytes: ReadonlyMap<string, number>,
): string {
  const kilobytes = (bytes: number | undefined): string =>
    bytes === undefined ? '-' : (bytes / 1000).toFixed(1)
  const rows = packages.map(({ name, manifest, tarball, unpacked }) => {
    const files = filesOf(unpacked)
    const bytes = files.reduce((sum, file) => sum + statSync(join(unpacked, file)).size, 0)
    const cells = [kilobytes(statSync(tarball).size), kilobytes(bytes), `${files.length}`]
    return [`${name} ${manifest.version}`, ...cells, kilobytes(pageBytes.get(name))]
  })
  return [['package', 'tarball kB', 'unpacked kB', 'files', 'page JS kB'], ...rows]
    .map(([name = '', ...cells]) => [name.padEnd(34), ...cells.map((cell) => cell.padStart(12))].join(''))
    .join('\n')
}
