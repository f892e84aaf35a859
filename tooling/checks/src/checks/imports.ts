import { posix } from 'node:path'
import type { Check } from '../finding.ts'
import { cycles, type Import, importsOf, relativeTarget } from '../import-graph.ts'
import { dependencyProblems, directionProblem, isNodeOnly } from '../import-rules.ts'
import { type Package, publicPackages, readText, sourceFiles } from '../workspace.ts'

type Files = ReadonlyMap<string, readonly Import[]>

export const imports: Check = {
  name: 'imports',
  about: 'imports go one way between packages, in no circle, and main entries run in a browser',
  run() {
    const sources = sourceFiles()
    const files: Files = new Map(sources.map((file) => [file, importsOf(file, readText(file))]))
    const problems = [
      ...publicPackages().flatMap((one) => [
        ...dependencyProblems(one),
        ...directions(one, files),
        ...nodeInBrowser(one, files),
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
function nodeInBrowser({ folder, manifest }: Package, files: Files): string[] {
  const problems = new Set<string>()
  for (const [subpath, target] of Object.entries(manifest.exports ?? {})) {
    const source = (target as Record<string, unknown> | null)?.['@octoscale/source']
    if (subpath === './node' || typeof source !== 'string') continue
    const reached = new Set<string>()
    const queue = [posix.join(folder, source)]
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      if (reached.has(file)) continue
      reached.add(file)
      for (const { specifier, kind } of files.get(file) ?? []) {
        if (kind !== 'static') continue
        if (isNodeOnly(specifier)) {
          problems.add(`${file} imports ${specifier}, and the entry ${subpath} of ${manifest.name} loads it`)
        }
        const next = relativeTarget(file, specifier)
        if (next !== undefined) queue.push(next)
      }
    }
  }
  return [...problems]
}

/** A relative import stays in its package: what another package keeps to itself is not its neighbour's. */
function outside(files: Files): string[] {
  const problems: string[] = []
  for (const [file, list] of files) {
    const home = /^(packages|apps|tooling)\/[^/]+\//.exec(file)?.[0]
    if (home === undefined) continue
    for (const { specifier } of list) {
      const target = relativeTarget(file, specifier)
      if (target !== undefined && !target.startsWith(home))
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
