import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../command.ts'
import type { Check } from '../finding.ts'
import { bundlePage } from '../page.ts'
import { type Package, publicPackages, root } from '../workspace.ts'

export const packed: Check = {
  name: 'packed',
  about: 'packages build, pack, pass publint and arethetypeswrong, load in Node and bundle for a page',
  async run() {
    const built = await run('turbo', ['run', 'build', '--output-logs=errors-only'])
    if (!built.ok) return { problems: [built.output], note: 'the build failed' }
    const folder = mkdtempSync(join(tmpdir(), 'octoscale-packed-'))
    try {
      const problems: string[] = []
      for (const one of publicPackages()) problems.push(...(await packAndLint(one, folder)))
      if (problems.length > 0) return { problems, note: 'some packages cannot be installed' }
      for (const one of publicPackages()) problems.push(...(await load(one, folder)))
      problems.push(...(await bundlePage(folder)))
      return { problems, note: `${publicPackages().length} packages` }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** Packs into `folder`, unpacks to `folder/node_modules/<name>` as an installer would, and lints the tarball. */
async function packAndLint({ folder, manifest }: Package, target: string): Promise<string[]> {
  const { name } = manifest
  const tarball = join(target, `${name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`)
  const pack = await run('pnpm', ['pack', '--out', tarball], { cwd: join(root, folder) })
  if (!pack.ok) return [`${name}: pnpm pack fails\n${pack.output}`]
  const installed = join(target, 'node_modules', name)
  mkdirSync(installed, { recursive: true })
  for (const peer of Object.keys(manifest.peerDependencies ?? {})) {
    const place = join(target, 'node_modules', peer)
    if (!existsSync(place)) symlinkSync(join(root, 'node_modules', peer), place)
  }
  const steps = [
    await run('tar', ['xzf', tarball, '--strip-components=1', '-C', installed]),
    await run('publint', [tarball, '--strict']),
    await run('attw', [tarball, '--profile', 'esm-only', '--no-emoji', ...dataEntries(manifest.exports)]),
  ]
  return steps.filter((step) => !step.ok).map((step) => `${name}:\n${step.output}`)
}

/** Subpaths that are data (plain strings) have no types to look at. */
function dataEntries(exports: Readonly<Record<string, unknown>> = {}): string[] {
  const data = Object.keys(exports).filter((subpath) => typeof exports[subpath] === 'string')
  return data.length === 0 ? [] : ['--exclude-entrypoints', ...data]
}

/** Every entry with code loads from the packed files alone, in plain Node. */
async function load({ manifest }: Package, folder: string): Promise<string[]> {
  const problems: string[] = []
  for (const [subpath, target] of Object.entries(manifest.exports ?? {})) {
    if (typeof target === 'string') continue
    const specifier = join(manifest.name, subpath)
    const code = `const names = Object.keys(await import('${specifier}'))\nif (names.length === 0) process.exit(1)`
    const { ok, output } = await run('node', ['--input-type=module', '-'], { cwd: folder, input: code })
    if (!ok) problems.push(`${specifier} does not load, or exports nothing\n${output}`)
  }
  return problems
}
