import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CommandError, command, plain, succeed } from './commands.ts'
import { filesOf, mapProblems } from './contents.ts'
import { isCopied } from './copy.ts'
import { runInNode } from './node.ts'
import { closure } from './npm.ts'
import { entriesOf, sourcesOf } from './project-files.ts'
import { type PackedPackage, tarballName } from './release.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'octoscale-helpers-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

test('programs inherit nothing of the test run or of package managers', async () => {
  const environment = {
    PATH: '/bin',
    HOME: '/h',
    npm_config_x: '1',
    pnpm_config_y: '2',
    VITEST: 'true',
    NODE_ENV: 'test',
    npm_config_registry: 'r',
  }
  expect(plain(environment)).toEqual({ PATH: '/bin', HOME: '/h', npm_config_registry: 'r' })
  const { output } = await command('node', ['-p', 'process.env.VITEST + process.env.GIVEN'], {
    cwd: folder,
    variables: { GIVEN: 'yes' },
  })
  expect(output).toBe('undefinedyes')
})

test('a program that fails is an error with its output', async () => {
  const failing = succeed('node', ['-e', 'console.log("why"); process.exit(1)'], { cwd: folder })
  await expect(failing).rejects.toThrow(CommandError)
  await expect(failing).rejects.toMatchObject({ output: 'why' })
})

test('the copy has what versions and tarballs are made of', () => {
  for (const file of [
    'package.json',
    '.changeset/config.json',
    'packages/a/src/b.ts',
    'tooling/build/src/build.ts',
  ])
    expect(isCopied(file), file).toBe(true)
  for (const file of [
    'docs/a.md',
    'packages/a/src/golden/b.json',
    'tooling/fixtures/a.py',
    'tooling/train/data/a',
  ])
    expect(isCopied(file), file).toBe(false)
})

test('names of tarballs', () => {
  expect(tarballName('@octoscale/tensor', '1.2.3')).toBe('octoscale-tensor-1.2.3.tgz')
  expect(tarballName('octoscale', '0.1.0')).toBe('octoscale-0.1.0.tgz')
})

test('dependencies of the same release, each once', () => {
  const one = (name: string, ...needs: string[]): PackedPackage =>
    ({ name, manifest: { dependencies: Object.fromEntries(needs.map((each) => [each, '*'])) } }) as never
  const packages = [one('a', 'b', 'c'), one('b', 'c', 'zod'), one('c'), one('d', 'a')]
  expect(closure(packages, ['a', 'b']).map((each) => each.name)).toEqual(['a', 'b', 'c'])
})

test('files, also hidden ones, and maps that lead nowhere', () => {
  mkdirSync(join(folder, 'dist/.cache'), { recursive: true })
  for (const [file, source] of [
    ['a', 'a.ts'],
    ['b', '../gone.ts'],
  ] as const)
    writeFileSync(join(folder, `dist/${file}.d.ts.map`), JSON.stringify({ sources: [source] }))
  for (const file of ['dist/a.ts', 'dist/.cache/x']) writeFileSync(join(folder, file), '')
  expect(filesOf(folder)).toEqual(['dist/.cache/x', 'dist/a.d.ts.map', 'dist/a.ts', 'dist/b.d.ts.map'])
  expect(mapProblems(folder)).toEqual([expect.stringContaining('b.d.ts.map leads to ../gone.ts')])
})

test('what a program prints is recorded, values in a form that no console changes', async () => {
  writeFileSync(join(folder, 'capture.ts'), readFileSync(join(import.meta.dirname, 'capture.ts')))
  writeFileSync(
    join(folder, 'program-0.ts'),
    `const n: number = 2
console.log('a', n, [1.5, Number.NaN, -0], { b: undefined, c: 3n }, Float32Array.of(0.1), undefined)
process.stdout.write('x')
console.log(new TypeError('t'))
`,
  )
  const programs = [{ node: '', page: '' }]
  expect(await runInNode({ folder, programs })).toEqual([
    'a 2 [1.5,"NaN",0] {"b":"undefined","c":"3"} ["Float32Array","0.10000000149011612"] "undefined"\nx"TypeError: t"\n',
  ])
  writeFileSync(join(folder, 'program-0.ts'), `throw new Error('broken')`)
  await expect(runInNode({ folder, programs })).rejects.toThrow(/broken/)
})

test('a project imports every entry with code; a page those that it has a use for', () => {
  const entry = { types: './dist/a.d.ts', default: './dist/a.js' }
  const exports = { '.': entry, './node': entry, './model/*': './model/*' }
  const one = { name: 'a', manifest: { name: 'a', version: '1.0.0', exports } } as never as PackedPackage
  expect(entriesOf(one)).toEqual(['', '/node'])
  const files = sourcesOf(one, [{ node: 'inNode()', page: 'inPage()' }])
  expect(files['entries.ts']).toContain(`from 'a/node'`)
  expect(files['entries.page.ts']).not.toContain(`from 'a/node'`)
  expect(files['program-0.ts']).toBe('inNode()')
  expect(files['program-0.page.ts']).toBe('inPage()')
  expect(files['main.ts']).toContain(`import('./program-0.page.ts')`)
})
