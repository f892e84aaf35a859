#!/usr/bin/env node
/**
 * `octoscale-build`, run in a package's folder: its `exports` say what to build, so no package has a build
 * file of its own. tsup writes the JavaScript, the TypeScript compiler the declarations
 * (docs/decisions/0003-build-preset.md).
 */
import { existsSync, readFileSync } from 'node:fs'
import { build } from 'tsup'
import { writeDeclarations } from './declarations.ts'
import { entriesOf, type Manifest } from './entries.ts'

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
const entries = entriesOf(manifest)

await build({
  config: false,
  entry: { ...entries },
  format: 'esm',
  platform: 'neutral',
  target: 'es2023',
  outDir: 'dist',
  clean: true,
  dts: false,
  splitting: true,
  sourcemap: true,
  // Dependencies stay imports, Node's own modules too: a package holds nothing but its own code.
  skipNodeModulesBundle: true,
  external: [/^node:/],
  removeNodeProtocol: false,
  silent: true,
})

if (!writeDeclarations(Object.values(entries))) process.exit(1)
const missing = Object.keys(entries)
  .flatMap((name) => [`dist/${name}.js`, `dist/${name}.d.ts`])
  .filter((file) => !existsSync(file))
if (missing.length > 0) {
  console.error(`${manifest.name}: the build did not write ${missing.join(', ')}`)
  process.exit(1)
}
console.log(`${manifest.name}: ${Object.keys(entries).join(', ')}`)
