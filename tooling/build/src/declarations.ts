/** Type declarations with the TypeScript compiler's own command: TypeScript 7 has no compiler API. */
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const baseConfig = resolve(import.meta.dirname, '../../../tsconfig.base.json')

/**
 * Writes `dist/**\/*.d.ts` for everything the entries reach. Run in the package's folder, after tsup.
 * False when the compiler found errors (it has printed them).
 */
export function writeDeclarations(sources: readonly string[]): boolean {
  const folder = resolve('node_modules/.cache')
  mkdirSync(folder, { recursive: true })
  const config = resolve(folder, 'octoscale-build.tsconfig.json')
  writeFileSync(
    config,
    JSON.stringify({
      extends: baseConfig,
      compilerOptions: {
        noEmit: false,
        emitDeclarationOnly: true,
        declarationMap: true,
        // What is exported for a package's own tests only is marked `@internal`, and with it go types that only it names.
        stripInternal: true,
        rootDir: resolve('src'),
        outDir: resolve('dist'),
        // Other packages are seen as their users see them: by their built declarations.
        customConditions: [],
      },
      files: sources.map((source) => resolve(source)),
    }),
  )
  const result = spawnSync('tsc', ['--project', config], { stdio: 'inherit' })
  if (result.status !== 0) return false
  for (const file of globSync('dist/**/*.d.ts')) {
    writeFileSync(file, withJavaScriptSpecifiers(readFileSync(file, 'utf8')))
  }
  return true
}

/**
 * `from './x.ts'` becomes `from './x.js'`. The compiler's `rewriteRelativeImportExtensions` changes only
 * JavaScript, and a declaration that names a `.ts` file which is not shipped works in some tools only.
 * Both names are equally long, so the declaration maps stay true.
 */
export function withJavaScriptSpecifiers(declarations: string): string {
  return declarations.replace(/\b(from\s|import\s|import\()\s*(['"])(\.\.?\/[^'"]*)\.ts\2/g, (found) =>
    found.replace(/\.ts(['"])$/, '.js$1'),
  )
}
