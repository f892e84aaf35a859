import { spawnSync } from 'node:child_process'
import { linkSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { readFileText } from './file-text.ts'
import { PathError } from './path-error.ts'
import { isInside, RootFolder, staysTheSame } from './root-folder.ts'
import { walk } from './walk.ts'

const read = async (root: string, path: string, hidden = false): Promise<string> =>
  readFileText(await RootFolder.open(root, { hidden }), path, 1000)

const refused = (reason: string) => expect.objectContaining({ name: 'PathError', reason })

/** `data` is the root; everything else must stay out of reach. */
const folders = (): { outside: string; root: string } => {
  const outside = temporaryFolder({
    'data/notes.txt': 'inside',
    'data/sub/deep.txt': 'deep',
    'data/.env': 'hidden',
    'data-evil/secret.txt': 'secret',
    'data-evil/outside-only.txt': 'secret',
    'secret.txt': 'secret',
  })
  return { outside, root: join(outside, 'data') }
}

test.each([
  ['/data', '/data', true],
  ['/data', '/data/a', true],
  ['/data', '/data/..a', true],
  ['/data', '/data-evil', false],
  ['/data', '/data-evil/a', false],
  ['/data', '/', false],
  ['/data', '/other', false],
  ['/', '/anything', true],
])('in %s, %s: %s', (root, target, inside) => {
  expect(isInside(root, target)).toBe(inside)
})

describe('links', () => {
  test('inside are followed', async () => {
    const { root } = folders()
    symlinkSync('sub/deep.txt', join(root, 'link.txt'))
    symlinkSync(join(root, 'sub'), join(root, 'folder'))
    expect(await read(root, 'link.txt')).toBe('deep')
    expect(await read(root, 'folder/deep.txt')).toBe('deep')
  })

  test('to the outside are refused, of files and of folders, direct and through others', async () => {
    const { root, outside } = folders()
    symlinkSync('../secret.txt', join(root, 'file'))
    symlinkSync(join(outside, 'secret.txt'), join(root, 'absolute'))
    symlinkSync('../data-evil', join(root, 'folder'))
    symlinkSync('..', join(root, 'up'))
    symlinkSync('file', join(root, 'chain'))
    for (const path of [
      'file',
      'absolute',
      'folder/secret.txt',
      'up/secret.txt',
      'up/data-evil/secret.txt',
      'chain',
    ])
      await expect(read(root, path), path).rejects.toThrow(refused('outside'))
  })

  test('in a circle, to nothing and to hidden names are refused', async () => {
    const { root } = folders()
    symlinkSync('circle', join(root, 'circle'))
    symlinkSync('nothing', join(root, 'dangling'))
    symlinkSync('.env', join(root, 'visible'))
    await expect(read(root, 'circle')).rejects.toThrow(refused('outside'))
    await expect(read(root, 'dangling')).rejects.toThrow(refused('missing'))
    await expect(read(root, 'visible')).rejects.toThrow(refused('hidden'))
    expect(await read(root, 'visible', true)).toBe('hidden')
  })

  test('of the root itself are resolved once', async () => {
    const { root, outside } = folders()
    symlinkSync('data', join(outside, 'alias'))
    const folder = await RootFolder.open(join(outside, 'alias'), { hidden: false })
    rmSync(join(outside, 'alias'))
    symlinkSync('data-evil', join(outside, 'alias'))
    expect(folder.root).toBe(root)
    expect(await readFileText(folder, 'notes.txt', 1000)).toBe('inside')
  })
})

describe('what is no regular file', () => {
  test('a folder, a pipe that nobody writes to, and a device', async (context) => {
    const { root } = folders()
    await expect(read(root, 'sub')).rejects.toThrow(refused('kind'))
    if (spawnSync('mkfifo', [join(root, 'pipe')]).status !== 0) context.skip('this system has no mkfifo')
    await expect(read(root, 'pipe')).rejects.toThrow(refused('kind'))
    await expect(read('/dev', 'null')).rejects.toThrow(PathError)
    await expect(read('/dev', 'zero')).rejects.toThrow(refused('kind'))
  })

  test('a file used as a folder, and one that is not there', async () => {
    const { root } = folders()
    await expect(read(root, 'notes.txt/x')).rejects.toThrow(refused('missing'))
    await expect(read(root, 'none.txt')).rejects.toThrow('none.txt: no such file')
  })

  test('a root that does not exist or is a file', async () => {
    const { root } = folders()
    await expect(read(join(root, 'none'), 'x')).rejects.toThrow(refused('missing'))
    await expect(read(join(root, 'notes.txt'), 'x')).rejects.toThrow(refused('kind'))
  })
})

test('messages hold no absolute path', async () => {
  const { root, outside } = folders()
  symlinkSync(join(outside, 'secret.txt'), join(root, 'link'))
  for (const path of ['link', 'none', 'sub', '../x', 'notes.txt/x']) {
    const error = await read(root, path).catch((reason: unknown) => reason)
    expect((error as Error).message).not.toContain(outside)
  }
})

test('a second name of the same file is read like the first', async () => {
  const { root } = folders()
  linkSync(join(root, 'notes.txt'), join(root, 'second.txt'))
  expect(await read(root, 'second.txt')).toBe('inside')
})

const swapCode = `
const { renameSync } = require('node:fs')
const { join } = require('node:path')
const { workerData: root } = require('node:worker_threads')
const at = (name) => join(root, name)
for (;;) {
  renameSync(at('swap'), at('aside')), renameSync(at('link'), at('swap'))
  for (const until = performance.now() + Math.random(); performance.now() < until; );
  renameSync(at('swap'), at('link')), renameSync(at('aside'), at('swap'))
  for (const until = performance.now() + Math.random(); performance.now() < until; );
}`

/** Exchanges the folder `swap` of the root for a link to the outside and back, in a thread, until it is stopped. */
function swapFolders(root: string): () => Promise<number> {
  mkdirSync(join(root, 'swap'))
  // The same name in both places, so that only the place decides what is read.
  linkSync(join(root, 'notes.txt'), join(root, 'swap/secret.txt'))
  symlinkSync('../data-evil', join(root, 'link'))
  const thread = new Worker(swapCode, { eval: true, workerData: root })
  return () => thread.terminate()
}

/** Until the attack was met often enough, both by failing and by succeeding reads; or for ten seconds. */
function attempts(enough: () => boolean): () => boolean {
  const end = performance.now() + 10_000
  return () => !enough() && performance.now() < end
}

describe('a folder that is exchanged for a link again and again', () => {
  test('never gives the file outside', async () => {
    const { root } = folders()
    const folder = await RootFolder.open(root, { hidden: false })
    const stop = swapFolders(root)
    const seen = new Map<string, number>()
    const count = (result: string): number => seen.get(result) ?? 0
    const noticed = (): number => count('outside') + count('changed')
    const goOn = attempts(() => count('inside') >= 300 && noticed() >= 300)
    while (goOn()) {
      const result = await readFileText(folder, 'swap/secret.txt', 1000).catch(
        (error: PathError) => error.reason,
      )
      seen.set(result, count(result) + 1)
    }
    await stop()
    expect(count('secret')).toBe(0)
    expect(count('inside')).toBeGreaterThan(0)
    expect(noticed()).toBeGreaterThan(0)
  })

  test('never gives the names outside', async () => {
    const { root } = folders()
    const folder = await RootFolder.open(root, { hidden: false })
    const stop = swapFolders(root)
    const { signal } = new AbortController()
    const seen = new Set<string>()
    let [listed, left] = [0, 0]
    const goOn = attempts(() => listed >= 200 && left >= 50)
    while (goOn()) {
      const paths: string[] = []
      for await (const { path } of walk(folder, '.', { depth: 2, maxEntries: 100, signal })) paths.push(path)
      for (const path of paths) seen.add(path)
      if (paths.includes('swap/secret.txt')) listed += 1
      else left += 1
    }
    await stop()
    expect([...seen].filter((path) => path.includes('outside-only'))).toEqual([])
    expect(listed).toBeGreaterThan(0)
    expect(left).toBeGreaterThan(0)
  })

  test('is noticed without /proc too', async () => {
    const { root } = folders()
    const stop = swapFolders(root)
    const real = join(root, 'swap/secret.txt')
    const accepted: string[] = []
    let refusals = 0
    const goOn = attempts(() => accepted.length >= 100 && refusals >= 100)
    while (goOn()) {
      const file = await open(real).catch(() => undefined)
      if (file === undefined) continue
      if (await staysTheSame(real, file)) accepted.push(await file.readFile('utf8'))
      else refusals += 1
      await file.close()
    }
    await stop()
    expect([...new Set(accepted)]).toEqual(['inside'])
    expect(refusals).toBeGreaterThan(0)
  })
})
