/**
 * The packages as users get them. One release is made, packed and installed for all tests of this file: in one
 * temporary folder, from a copy, so that nothing in the repository changes.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { browserFlags, findBrowser } from '@octoscale/checks/browser'
import { webgpuEnvironment } from '@octoscale/checks/webgpu'
import { publicPackages, root } from '@octoscale/checks/workspace'
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { filesOf, lintTarball, mapProblems, sizeTable } from './contents.ts'
import { manifestProblems } from './manifest-rules.ts'
import { loadEntries, runInNode, seenBy } from './node.ts'
import { installWithNpm } from './npm.ts'
import { buildPage, openPage } from './page.ts'
import { installProjects, type Project } from './projects.ts'
import { makeRelease, type PackedPackage, type Release, readManifest } from './release.ts'
import { exportedFiles, tarballProblems } from './tarball-rules.ts'
import { typeProblems } from './types.ts'
import { uses } from './uses.ts'

const published = publicPackages().map(({ folder, manifest: { name, version } }) => ({
  folder,
  name,
  version,
}))

// Tests of different packages overlap: each starts programs and waits for them.
vi.setConfig({ maxConcurrency: 3, testTimeout: 120_000 })

let temporary: string
let release: Release
let projects: readonly Project[]
let browser: Promise<Browser> | undefined
const pageBytes = new Map<string, number>()

beforeAll(async () => {
  temporary = mkdtempSync(join(tmpdir(), 'octoscale-packed-'))
  release = await makeRelease(temporary)
  projects = await installProjects(release)
}, 300_000)

afterAll(async () => {
  await (await browser)?.close()
  if (release !== undefined) console.log(sizeTable(release.packages, pageBytes))
  rmSync(temporary, { recursive: true, force: true })
})

function packed(name: string): PackedPackage {
  return find(release.packages, (one) => one.name === name)
}

function project(name: string): Project {
  return find(projects, (one) => one.package.name === name)
}

function find<T>(list: readonly T[], matches: (one: T) => boolean): T {
  const found = list.find(matches)
  expect(found).toBeDefined()
  return found as T
}

describe('a release', () => {
  test('every package builds', () => {
    expect(release.build).toEqual({ ok: true, output: expect.any(String) })
  })

  test('the pending changesets give each package its version and its changelog', () => {
    for (const { name, folder } of published) {
      const { version } = readManifest(join(release.repository, folder))
      expect(version, name).not.toBe('0.0.0')
      const changelog = readFileSync(join(release.repository, folder, 'CHANGELOG.md'), 'utf8')
      expect(changelog).toContain(`## ${version}`)
    }
  })

  test('siblings are required in the versions that are released with them', () => {
    for (const { manifest } of release.packages) {
      for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
        const sibling = release.packages.find((one) => one.name === name)
        if (sibling !== undefined)
          expect(range, `${manifest.name} > ${name}`).toBe(`^${sibling.manifest.version}`)
      }
    }
  })

  test('public packages are those of packages/, each is one tarball, and the repository keeps its versions', () => {
    const names = release.packages.map((one) => one.tarball.split('/').at(-1)).sort()
    expect(readdirSync(join(release.folder, 'tarballs')).sort()).toEqual(names)
    for (const { name, folder, version } of published) {
      expect(folder, `${name} is not private`).toMatch(/^packages\//)
      expect(readManifest(join(root, folder)).version).toBe(version)
    }
  })
})

describe.each(published)('$name', { concurrent: true }, ({ name, folder }) => {
  test('the tarball has what users need and nothing else', () => {
    const { unpacked, manifest } = packed(name)
    const names = filesOf(unpacked)
    expect(manifestProblems(manifest, folder)).toEqual([])
    expect(tarballProblems(names, manifest.files as readonly string[])).toEqual([])
    expect(names).toEqual(expect.arrayContaining(exportedFiles(manifest.exports)))
    expect(mapProblems(unpacked)).toEqual([])
    expect(readFileSync(join(unpacked, 'LICENSE'), 'utf8')).toBe(readFileSync(join(root, 'LICENSE'), 'utf8'))
  })

  test('publint and arethetypeswrong have nothing against it', async () => {
    expect(await lintTarball(packed(name))).toEqual([])
  })

  test('every entry loads in Node, from the installed files', async () => {
    for (const entry of await loadEntries(project(name))) {
      const place = relative(release.folder, entry.file)
      expect(place, entry.specifier).toMatch(/^projects\/node_modules\/\.pnpm\/.*\/dist\/.*\.js$/)
      const isWorker = uses[name]?.workers?.some((worker) => entry.specifier === name + worker) ?? false
      expect(entry.exports.length > 0, entry.specifier).toBe(!isWorker)
    }
  })

  test('it sees what it depends on and nothing else', async () => {
    const others = published.map((one) => one.name).filter((other) => other !== name)
    const { dependencies = {} } = packed(name).manifest
    const declared = others.filter((other) => Object.hasOwn(dependencies, other))
    expect(await seenBy(project(name), others)).toEqual(declared)
  })

  test('TypeScript accepts the program of its README, and every declaration', async () => {
    expect(project(name).programs.length).toBeGreaterThan(0)
    expect(await typeProblems(project(name))).toEqual([])
  })

  test('the program of its README prints the same in Node and in a built page', async (context) => {
    const mine = project(name)
    pageBytes.set(name, await buildPage(mine))
    const executablePath = findBrowser()
    const missing = 'no Chromium: install one, or set CHROMIUM_PATH'
    // Where there is no GPU, Node takes the one in software that a Chromium brings along.
    if (uses[name]?.needsGpu && executablePath === undefined) return context.skip(missing)
    const inNode = await runInNode(mine, webgpuEnvironment(executablePath))
    expect(inNode.length).toBe(mine.programs.length)
    for (const text of inNode) expect(text).toMatch(/\S/)
    if (executablePath === undefined) return context.skip(missing)
    browser ??= chromium.launch({ executablePath, args: [...browserFlags] })
    const inPage = await openPage(mine, await browser)
    expect(inPage.map(withoutIds)).toEqual(inNode.map(withoutIds))
  })
})

/** Ids of tool calls are random. */
function withoutIds(text: string): string {
  return text.replaceAll(/call_[0-9a-f]{24}/g, 'call_x')
}

test('npm installs the facade with the embedded model, and its README runs', async () => {
  const { programs } = project('octoscale')
  const folder = await installWithNpm(release, ['octoscale', '@octoscale/octo-tiny'], programs)
  const outputs = await runInNode({ folder, programs })
  expect(outputs.length).toBe(programs.length)
  expect(outputs.join('')).toMatch(/\S/)
  expect(statSync(join(folder, 'node_modules/octoscale/dist/index.js')).isFile()).toBe(true)
})
