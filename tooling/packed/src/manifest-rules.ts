/** What the package.json in a tarball must say. */
import type { PackedManifest } from './release.ts'

const dependencyFields = ['dependencies', 'peerDependencies', 'optionalDependencies'] as const

/** Scripts that run on a user's machine. */
const installScripts = ['preinstall', 'install', 'postinstall', 'prepare']

/** What is wrong, one line each. `folder` is where the package lies in the repository. */
export function manifestProblems(manifest: PackedManifest, folder: string): string[] {
  const repository = manifest.repository as Readonly<Record<string, unknown>> | undefined
  const publishing = manifest.publishConfig as Readonly<Record<string, unknown>> | undefined
  const engines = manifest.engines as Readonly<Record<string, string>> | undefined
  const scripts = Object.keys((manifest.scripts as object | undefined) ?? {})
  const expectations: readonly (readonly [boolean, string])[] = [
    [
      /^\d+\.\d+\.\d+$/.test(manifest.version) && manifest.version !== '0.0.0',
      'version comes from a changeset',
    ],
    [
      typeof manifest.description === 'string' && manifest.description.length > 10,
      'description says what it is',
    ],
    [manifest.license === 'Apache-2.0', 'license is Apache-2.0'],
    [manifest.type === 'module', 'type is module'],
    [manifest.private !== true, 'private is not set'],
    [/^git\+https:\/\/.*\.git$/.test(String(repository?.url)), 'repository.url is git+https://….git'],
    [repository?.directory === folder, `repository.directory is ${folder}`],
    [manifest.sideEffects === false, 'sideEffects is false, so that bundlers drop what is not used'],
    [/^>=\d+/.test(engines?.node ?? ''), 'engines.node is a lower bound'],
    [publishing?.access === 'public', 'publishConfig.access is public'],
    [publishing?.provenance === true, 'publishConfig.provenance is true'],
    [Array.isArray(manifest.keywords) && manifest.keywords.length > 0, 'keywords are there'],
    [manifest.exports?.['.'] !== undefined, 'exports has the main entry "."'],
    [!scripts.some((script) => installScripts.includes(script)), 'no script runs at installation'],
  ]
  const missing = expectations
    .filter(([holds]) => !holds)
    .map(([, what]) => `package.json: expected that ${what}`)
  return [...missing, ...unpublishable(manifest)]
}

/** Dependencies on what only this repository has: `workspace:`, `file:`, `link:`, unreleased versions. */
function unpublishable(manifest: PackedManifest): string[] {
  return dependencyFields.flatMap((field) =>
    Object.entries(manifest[field] ?? {})
      .filter(([, range]) => /^(workspace|file|link|git|https?):/.test(range) || /^\^?0\.0\.0$/.test(range))
      .map(([name, range]) => `package.json: ${field} has ${name}: ${range}, which nobody can install`),
  )
}
