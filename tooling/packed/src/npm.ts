/** The same with npm, whose flat layout and rules for ranges differ from pnpm's. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { succeed } from './commands.ts'
import type { Program } from './programs.ts'
import type { PackedPackage, Release } from './release.ts'

/**
 * Installs the named packages and their siblings from the tarballs into an empty folder, with the programs for Node
 * beside. npm asks its registry only for what comes from outside, and its cache first.
 */
export async function installWithNpm(
  release: Release,
  names: readonly string[],
  programs: readonly Program[],
): Promise<string> {
  const folder = join(release.folder, 'npm')
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  cpSync(join(import.meta.dirname, 'capture.ts'), join(folder, 'capture.ts'))
  for (const [index, { node }] of programs.entries()) writeFileSync(join(folder, `program-${index}.ts`), node)
  const tarballs = closure(release.packages, names).map((one) => one.tarball)
  await succeed('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs], {
    cwd: folder,
  })
  return folder
}

/** The named packages and, of the same release, all that they depend on; each once. */
export function closure(packages: readonly PackedPackage[], names: readonly string[]): PackedPackage[] {
  const found = new Set<PackedPackage>()
  const visit = (name: string): void => {
    const one = packages.find((each) => each.name === name)
    if (one === undefined || found.has(one)) return
    found.add(one)
    Object.keys(one.manifest.dependencies ?? {}).forEach(visit)
  }
  names.forEach(visit)
  return [...found]
}
