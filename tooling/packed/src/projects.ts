/** Empty projects outside of the repository, one for each package, in which the packed packages are installed. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '@octoscale/checks/workspace'
import { succeed } from './commands.ts'
import { importedPackages, type Program, programsOf } from './programs.ts'
import { sourcesOf } from './project-files.ts'
import type { PackedPackage, Release } from './release.ts'
import { uses } from './uses.ts'

export interface Project {
  readonly package: PackedPackage
  readonly folder: string
  readonly programs: readonly Program[]
}

/** Nothing provides this dependency: neither a packed package nor what is installed in the repository. */
class MissingDependencyError extends Error {
  override readonly name = 'MissingDependencyError'
  readonly dependency: string
  constructor(name: string, folder: string) {
    super(`${name} is not installed in ${folder}: add it to the dependencies or devDependencies there`)
    this.dependency = name
  }
}

/**
 * Writes the projects and installs them at once, offline. What a package forgot to depend on is missing: pnpm links
 * into each package what it depends on and nothing else (`hoist: false`), and packages lie in no folder below a
 * project.
 *
 * Siblings come from the tarballs. What comes from outside is linked from the repository's own installation, whose
 * versions fit the ranges: after an installation from a lockfile there is no metadata to resolve them offline.
 */
export async function installProjects(release: Release): Promise<Project[]> {
  const home = join(release.folder, 'projects')
  const { packages } = release
  const projects = packages.map((one) => ({
    package: one,
    folder: join(home, one.name.replace('@octoscale/', '')),
    programs: programsOf(readIfThere(join(one.unpacked, 'README.md')), uses[one.name]),
  }))
  for (const project of projects) {
    write(project.folder, 'package.json', projectManifest(project, packages))
    for (const [file, text] of Object.entries(sourcesOf(project.package, project.programs)))
      write(project.folder, file, text)
    cpSync(join(import.meta.dirname, 'capture.ts'), join(project.folder, 'capture.ts'))
  }
  write(home, 'package.json', { name: 'projects', private: true })
  // JSON is YAML.
  write(home, 'pnpm-workspace.yaml', { packages: ['*'], hoist: false, overrides: overrides(packages) })
  const store = join(release.folder, 'store')
  await succeed('pnpm', ['install', '--offline', '--no-frozen-lockfile', '--store-dir', store], {
    cwd: home,
    variables: { PATH: release.path },
  })
  return projects
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function write(folder: string, file: string, content: string | object): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(
    join(folder, file),
    typeof content === 'string' ? content : JSON.stringify(content, undefined, 2),
  )
}

function overrides(packages: readonly PackedPackage[]): Record<string, string> {
  const siblings = packages.map((one) => [one.name, `file:${one.tarball}`])
  const others = packages.flatMap((one) =>
    outside(Object.keys(one.manifest.dependencies ?? {}), packages).map((name) => [
      `${one.name}>${name}`,
      linked(name, one),
    ]),
  )
  return Object.fromEntries([...siblings, ...others]) as Record<string, string>
}

/** The package, what its programs import, the types of Node, and what the table says. */
function projectManifest({ package: one, programs }: Project, packages: readonly PackedPackage[]): object {
  const named = [
    one.name,
    ...(uses[one.name]?.beside ?? []),
    ...programs.flatMap((program) => [...importedPackages(program.node), ...importedPackages(program.page)]),
  ]
  const siblings = packages.map((each) => each.name).filter((name) => named.includes(name))
  const dependencies = Object.fromEntries([
    ...siblings.map((name) => [name, '*']),
    ...outside(named, packages).map((name) => [name, linked(name, one)]),
    ['@types/node', linked('@types/node', one)],
  ])
  return { name: one.name.replace('@octoscale/', 'use-'), private: true, type: 'module', dependencies }
}

function outside(names: readonly string[], packages: readonly PackedPackage[]): string[] {
  return names.filter((name) => !packages.some((one) => one.name === name))
}

function linked(name: string, { folder }: PackedPackage): string {
  const place = [folder, '.']
    .map((each) => join(root, each, 'node_modules', name))
    .find((each) => existsSync(each))
  if (place === undefined) throw new MissingDependencyError(name, folder)
  return `link:${place}`
}
