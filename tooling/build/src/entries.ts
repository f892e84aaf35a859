/** The entries of a package, read from its `exports`: the one place that says what a package offers. */

/** The export condition that leads to TypeScript source inside this workspace. */
const sourceCondition = '@octoscale/source'

/** A package.json, as far as the build reads it. */
export interface Manifest {
  readonly name: string
  readonly exports?: Readonly<Record<string, unknown>>
}

/** Output name without extension (`testing/index`) to source file (`./src/testing/index.ts`). */
export type Entries = Readonly<Record<string, string>>

export class ManifestError extends Error {
  override readonly name = 'ManifestError'
  readonly package: string
  readonly subpath: string
  constructor(facts: { package: string; subpath: string; problem: string }) {
    super(`${facts.package}, exports["${facts.subpath}"]: ${facts.problem}`)
    this.package = facts.package
    this.subpath = facts.subpath
  }
}

/**
 * Every subpath with a source condition becomes an entry. Its `types` and `default` must be the files the
 * build will write (`./dist/x.d.ts`, `./dist/x.js`), so that a package cannot promise what is not built.
 * Subpaths that are plain strings (data files) are left alone.
 */
export function entriesOf(manifest: Manifest): Entries {
  const entries: Record<string, string> = {}
  for (const [subpath, target] of Object.entries(manifest.exports ?? {})) {
    if (typeof target !== 'object' || target === null) continue
    const conditions = target as Record<string, unknown>
    const source = conditions[sourceCondition]
    if (typeof source !== 'string') continue
    const fail = (problem: string): never => {
      throw new ManifestError({ package: manifest.name, subpath, problem })
    }
    const name = /^\.\/src\/(.+)\.ts$/.exec(source)?.[1]
    if (name === undefined) return fail(`the source must be ./src/*.ts, got ${source}`)
    if (Object.keys(conditions)[0] !== sourceCondition) fail(`${sourceCondition} must be the first condition`)
    if (conditions.types !== `./dist/${name}.d.ts`) fail(`types must be ./dist/${name}.d.ts`)
    if (conditions.default !== `./dist/${name}.js`) fail(`default must be ./dist/${name}.js`)
    entries[name] = source
  }
  return entries
}
