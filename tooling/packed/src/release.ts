/** What a release does, up to publishing: build, versions from the pending changesets, tarballs. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome } from '@octoscale/checks/command'
import { type Manifest, publicPackages, root } from '@octoscale/checks/workspace'
import { command, pathWithPnpm, succeed } from './commands.ts'
import { copyRepository } from './copy.ts'

/** A published package: in the repository, and as it was packed. */
export interface PackedPackage {
  readonly name: string
  /** Relative to the root of the repository: `packages/tensor`. */
  readonly folder: string
  readonly tarball: string
  /** The tarball's files, unpacked. */
  readonly unpacked: string
  /** The tarball's package.json. */
  readonly manifest: PackedManifest
}

export interface PackedManifest extends Manifest {
  readonly [field: string]: unknown
}

export interface Release {
  /** Everything lies below it. */
  readonly folder: string
  /** The copy of the repository, with new versions. */
  readonly repository: string
  readonly packages: readonly PackedPackage[]
  /** A build of one package may fail and leave the others in order: a test looks at it. */
  readonly build: Outcome
  /** For programs that need pnpm. */
  readonly path: string
}

/**
 * Builds (turbo knows what is built already), then versions and packs a copy, in the empty `folder`. The repository
 * keeps its versions.
 */
export async function makeRelease(folder: string): Promise<Release> {
  const repository = join(folder, 'repository')
  const path = await pathWithPnpm()
  const variables = { PATH: path }
  const build = await command(
    'turbo',
    ['run', 'build', '--filter=./packages/*', '--continue', '--output-logs=errors-only'],
    { cwd: root, variables, seconds: 300 },
  )
  copyRepository(repository)
  await succeed('changeset', ['version'], { cwd: repository, variables })
  const tarballs = join(folder, 'tarballs')
  mkdirSync(tarballs)
  // Without the filter pnpm packs private packages, too; publishing leaves them out by itself.
  await succeed('pnpm', ['--recursive', '--filter=./packages/*', 'pack', '--pack-destination', tarballs], {
    cwd: repository,
    variables,
  })
  const packages = await Promise.all(
    publicPackages().map((one) => unpack(one.manifest.name, one.folder, { folder, tarballs, repository })),
  )
  return { folder, repository, packages, build, path }
}

/** `@octoscale/tensor` 0.1.0 is packed as `octoscale-tensor-0.1.0.tgz`. */
export function tarballName(name: string, version: string): string {
  return `${name.replace('@', '').replace('/', '-')}-${version}.tgz`
}

async function unpack(
  name: string,
  folder: string,
  places: { folder: string; tarballs: string; repository: string },
): Promise<PackedPackage> {
  const { version } = readManifest(join(places.repository, folder))
  const tarball = join(places.tarballs, tarballName(name, version))
  const unpacked = join(places.folder, 'unpacked', name)
  mkdirSync(unpacked, { recursive: true })
  await succeed('tar', ['xzf', tarball, '--strip-components=1', '-C', unpacked], { cwd: places.folder })
  return { name, folder, tarball, unpacked, manifest: readManifest(unpacked) }
}

export function readManifest(folder: string): PackedManifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackedManifest
}
