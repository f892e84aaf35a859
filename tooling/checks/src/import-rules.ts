/** Who may import whom: the picture of packages and arrows in README.md, as data. */
import type { Import } from './import-graph.ts'
import { isTest, type Package } from './workspace.ts'

const backend = ['@octoscale/fp8-core', '@octoscale/tensor']

/** The workspace packages that a package's sources may import. Backends never know models, nor the other way. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  '@octoscale/fp8-core': [],
  '@octoscale/tensor': ['@octoscale/fp8-core'],
  '@octoscale/backend-cpu': backend,
  '@octoscale/backend-webgpu': backend,
  '@octoscale/model': ['@octoscale/fp8-core', '@octoscale/tensor'],
  '@octoscale/tokenizer': [],
  '@octoscale/agent-tools': [],
  '@octoscale/octo-tiny': [],
  octoscale: [
    '@octoscale/agent-tools',
    '@octoscale/backend-cpu',
    '@octoscale/backend-webgpu',
    '@octoscale/fp8-core',
    '@octoscale/model',
    '@octoscale/tensor',
    '@octoscale/tokenizer',
  ],
}

/** `@octoscale/tensor/node` is of package `@octoscale/tensor`. */
function packageOf(specifier: string): string {
  const parts = specifier.split('/')
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}

/** Tests and what helps them may use any package; nothing that ships does. */
function isForTests(file: string): boolean {
  return isTest(file) || file.includes('/src/testing/')
}

/** Why this import of a published package's source file is not allowed, or undefined. */
export function directionProblem(file: string, from: Package, { specifier }: Import): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:') || isForTests(file)) return undefined
  const rules = allowed[from.manifest.name]
  if (rules === undefined) return `${from.manifest.name} has no line in tooling/checks/src/import-rules.ts`
  const target = packageOf(specifier)
  if (specifier.endsWith('/testing')) return `${file} imports ${specifier}, which is for tests`
  if (rules.includes(target)) return undefined
  const may = rules.length === 0 ? 'no other package' : rules.join(', ')
  return `${file} imports ${specifier}; ${from.manifest.name} may import ${may}`
}

/** What helps others to test (`./testing`) may ask for their test runner. */
const testRunner = 'vitest'

/** Published packages depend on packages of this workspace only. */
export function dependencyProblems({ folder, manifest }: Package): string[] {
  const peers = Object.keys(manifest.peerDependencies ?? {}).filter((name) => name !== testRunner)
  const runtime = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })
  const rules = allowed[manifest.name] ?? []
  return [...runtime, ...peers]
    .filter((name) => !rules.includes(name))
    .map(
      (name) => `${folder}/package.json depends on ${name}: no package has a dependency outside the picture`,
    )
}
