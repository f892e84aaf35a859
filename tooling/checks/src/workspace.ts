/** The repository as the checks see it: its root, its packages, its files. */
import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

export const root: string = resolve(import.meta.dirname, '../../..')

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly exports?: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export interface Package {
  /** Relative to the root: `packages/fp8-core`. */
  readonly folder: string
  readonly manifest: Manifest
}

/** Every package of the workspace, in the order of the folders. */
function packages(): Package[] {
  return globSync('{packages,apps,tooling}/*/package.json', { cwd: root })
    .concat('examples/package.json')
    .sort()
    .map((file) => ({
      folder: dirname(file),
      manifest: JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest,
    }))
}

/** The packages that are published. */
export function publicPackages(): Package[] {
  return packages().filter((one) => one.manifest.private !== true)
}

/** Files that git tracks or would track, relative to the root, sorted. */
export function trackedFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  return [...new Set(listed.split('\0'))].filter((file) => file !== '' && existsSync(join(root, file))).sort()
}

export function readText(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

/** TypeScript that people write: not generated, not golden data. */
export function sourceFiles(): string[] {
  return trackedFiles().filter((file) => /\.tsx?$/.test(file) && !/(^|\/)(generated|golden)\//.test(file))
}

export function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file)
}
