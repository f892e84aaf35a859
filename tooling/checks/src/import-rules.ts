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

/** Packages from outside that published packages may depend on, and why each is worth it. */
const outside: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '@octoscale/agent-tools': {
    '@standard-schema/spec': 'types alone: the interface of zod and its like',
    '@cfworker/json-schema':
      'validates JSON Schema without eval, so also under a strict content security policy',
    jsep: 'parses the expressions of the calculator',
    minisearch: 'the index of document search (BM25)',
    'quickjs-emscripten-core': 'the sandbox of run_javascript',
    '@jitl/quickjs-singlefile-browser-release-sync': 'QuickJS itself, as WebAssembly',
  },
  '@octoscale/tensor': {
    '@noble/hashes':
      'SHA-256 in parts, where there is no node:crypto: WebCrypto wants a whole file in memory',
  },
}

/** Peers that only some need, and why. */
const optionalPeers: Readonly<Record<string, string>> = {
  '@octoscale/backend-cpu': 'the reference that the conformance suite compares with, unless another is given',
  vitest: 'what helps others to test (`./testing`) may ask for their test runner',
  webgpu: 'Node has no WebGPU of its own; who has a GPU there brings this one',
}

/** `@octoscale/tensor/node` is of package `@octoscale/tensor`. */
function packageOf(specifier: string): string {
  const parts = specifier.split('/')
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}

/** Tests and what helps them may use any package; nothing that ships does. */
export function isForTests(file: string): boolean {
  return isTest(file) || /\/src\/(.+\/)?testing\//.test(file)
}

function mayImport(name: string): readonly string[] | undefined {
  const siblings = allowed[name]
  return siblings === undefined ? undefined : [...siblings, ...Object.keys(outside[name] ?? {})]
}

/** Why this import of a published package's source file is not allowed, or undefined. */
export function directionProblem(file: string, from: Package, { specifier }: Import): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:') || isForTests(file)) return undefined
  const rules = mayImport(from.manifest.name)
  if (rules === undefined) return `${from.manifest.name} has no line in tooling/checks/src/import-rules.ts`
  const target = packageOf(specifier)
  if (specifier.endsWith('/testing')) return `${file} imports ${specifier}, which is for tests`
  if (rules.includes(target)) return undefined
  const may = rules.length === 0 ? 'no other package' : rules.join(', ')
  return `${file} imports ${specifier}; ${from.manifest.name} may import ${may}`
}

/** Published packages depend on packages of this workspace, and on what `outside` gives a reason for. */
export function dependencyProblems({ folder, manifest }: Package): string[] {
  const peers = Object.keys(manifest.peerDependencies ?? {}).filter(
    (name) => !Object.hasOwn(optionalPeers, name),
  )
  const runtime = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })
  const rules = mayImport(manifest.name) ?? []
  return [...runtime, ...peers]
    .filter((name) => !rules.includes(name))
    .map((name) => `${folder}/package.json depends on ${name}, which import-rules.ts gives no reason for`)
}
