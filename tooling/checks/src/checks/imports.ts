import { posix } from 'node:path'
import type { Check } from '../finding.ts'
import { cycles, type Import, importsOf, relativeTarget } from '../import-graph.ts'
import { dependencyProblems, directionProblem, isForTests } from '../import-rules.ts'
import { type Package, publicPackages, readText, sourceFiles } from '../workspace.ts'

type Files = ReadonlyMap<string, readonly Import[]>
type Entries = ReadonlyMap<string, string>

export const imports: Check = {
  name: 'imports',
  about: 'imports go one way between packages, in no circle, and main entries run in a browser',
  run() {
    const sources = sourceFiles()
    const files: Files = new Map(sources.map((file) => [file, importsOf(file, readText(file))]))
    const entries = sourceEntries(publicPackages())
    const problems = [
      ...publicPackages().flatMap((one) => [
        ...dependencyProblems(one),
        ...directions(one, files),
        ...nodeInBrowser(one, entries, files),
      ]),
      ...outside(files),
      ...cycles(relativeGraph(files)).map((group) => `these import each other: ${group.join(', ')}`),
    ]
    const count = [...files.values()].reduce((sum, found) => sum + found.length, 0)
    return { problems, note: `${count} imports of ${files.size} files` }
  },
}

function inFolder(one: Package, files: Files): [string, readonly Import[]][] {
  return [...files].filter(([file]) => file.startsWith(`${one.folder}/src/`))
}

function directions(one: Package, files: Files): string[] {
  const found = inFolder(one, files).flatMap(([file, list]) =>
    list.map((each) => directionProblem(file, one, each)),
  )
  return [...new Set(found.filter((problem) => problem !== undefined))]
}

/** Every entry but `./node` must load in a browser: following static imports meets nothing that only Node has. */
function nodeInBrowser(one: Package, entries: Entries, files: Files): string[] {
  const problems: string[] = []
  for (const [specifier, source] of entries) {
    if (!isEntryOf(one, specifier) || specifier.endsWith('/node')) continue
    for (const file of reachable(source, entries, files)) {
      for (const each of files.get(file) ?? []) {
        if (each.kind !== 'static' || !each.specifier.startsWith('node:')) continue
        problems.push(`${file} imports ${each.specifier}, and ${specifier} loads it, also in a browser`)
      }
    }
  }
  return problems
}

/** What is loaded with `start`, in this package and in those it imports. */
function reachable(start: string, entries: Entries, files: Files): Set<string> {
  const reached = new Set([start])
  for (const file of reached) {
    for (const { specifier, kind } of files.get(file) ?? []) {
      const target = relativeTarget(file, specifier) ?? entries.get(specifier)
      if (kind === 'static' && target !== undefined) reached.add(target)
    }
  }
  return reached
}

/** `@octoscale/tensor/testing` to `packages/tensor/src/testing/index.ts`, for every entry with a source. */
function sourceEntries(all: readonly Package[]): Map<string, string> {
  const entries = new Map<string, string>()
  for (const { folder, manifest } of all) {
    for (const [subpath, target] of Object.entries(manifest.exports ?? {})) {
      const source = (target as Record<string, unknown> | null)?.['@octoscale/source']
      if (typeof source === 'string')
        entries.set(posix.join(manifest.name, subpath), posix.join(folder, source))
    }
  }
  return entries
}

function isEntryOf({ manifest }: Package, specifier: string): boolean {
  return specifier === manifest.name || specifier.startsWith(`${manifest.name}/`)
}

/** A relative import stays in its package: what another package keeps to itself is not its neighbour's. */
function outside(files: Files): string[] {
  const problems: string[] = []
  for (const [file, list] of files) {
    const home = /^(packages|apps|tooling)\/[^/]+\//.exec(file)?.[0]
    if (home === undefined) continue
    for (const { specifier } of list) {
      const target = relativeTarget(file, specifier)
      const isTestData = isForTests(file) && specifier.endsWith('.json')
      if (target !== undefined && !target.startsWith(home) && !isTestData)
        problems.push(`${file} imports ${specifier}, outside ${home}`)
    }
  }
  return problems
}

function relativeGraph(files: Files): Map<string, string[]> {
  return new Map(
    [...files].map(([file, list]) => [
      file,
      list.map(({ specifier }) => relativeTarget(file, specifier)).filter((target) => target !== undefined),
    ]),
  )
}
