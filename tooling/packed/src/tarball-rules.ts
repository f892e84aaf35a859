/** Which files a tarball must and may hold. */

/** pnpm adds the first four by itself, LICENSE from the root of the repository. */
const standard = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md']
const required = ['package.json', 'README.md', 'LICENSE']

const forbidden =
  /\.test\.|\.bench\.|(^|\/)(golden|fixtures|tooling|bench|node_modules|\.turbo|\.cache)\/|\.tgz$|tsconfig/

/**
 * What is wrong with the list of files, one line each. `files` is that field of the package.json.
 * A source file belongs into the tarball when its declaration does, because declaration maps lead there; every
 * other one is a test's helper.
 */
export function tarballProblems(names: readonly string[], files: readonly string[]): string[] {
  const present = new Set(names)
  const places = files.filter((pattern) => !pattern.startsWith('!'))
  return [
    ...required.filter((name) => !present.has(name)).map((name) => `${name} is missing`),
    ...names.filter((name) => forbidden.test(name)).map((name) => `${name} is not for users`),
    ...names
      .filter((name) => !standard.includes(name) && !places.some((place) => inPlace(name, place)))
      .map((name) => `${name} is in none of the places that "files" names`),
    ...names
      .filter((name) => /^src\/.*\.tsx?$/.test(name) && !present.has(declaration(name)))
      .map((name) => `${name} is reached from no entry: leave it out by "files" (!${name})`),
  ]
}

function inPlace(name: string, place: string): boolean {
  return name === place || name.startsWith(`${place.replace(/\/$/, '')}/`)
}

function declaration(source: string): string {
  return source.replace(/^src\//, 'dist/').replace(/\.tsx?$/, '.d.ts')
}

/** Every file that `exports` names, for all conditions, but those with a `*`. */
export function exportedFiles(exports: unknown): string[] {
  if (typeof exports === 'string') return exports.includes('*') ? [] : [exports.replace(/^\.\//, '')]
  if (typeof exports !== 'object' || exports === null) return []
  return Object.values(exports).flatMap(exportedFiles)
}
