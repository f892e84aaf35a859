/**
 * Where bytes come from.
 *
 * Mutations seen red: a file on disk that is never closed; one opened so that a pipe waits for a writer; a changed file
 * not noticed.
 */
import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readlink, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { fileFolder, fileSource } from '../node.ts'
import { type ByteSource, blobSource, bytesSource, folderOf } from './byte-source.ts'
import { lingeringHandle } from './disk-handle.ts'
import { FileNotFoundError, FileReadError } from './errors.ts'

const content = Uint8Array.from({ length: 1000 }, (_, i) => i * 7)
const folder = await mkdtemp(join(tmpdir(), 'octoscale-'))
const path = join(folder, 'data.bin')
await writeFile(path, content)
afterAll(() => rm(folder, { recursive: true }))

const sources: readonly [string, ByteSource][] = [
  ['bytes', bytesSource('data.bin', content)],
  ['a Node Buffer inside a pool', bytesSource('data.bin', Buffer.from(content))],
  [
    'bytes inside a larger buffer',
    bytesSource('data.bin', Uint8Array.from([1, ...content, 2]).subarray(1, 1001)),
  ],
  ['Blob', blobSource(new Blob([content]), 'data.bin')],
  ['File', blobSource(new File([content], 'data.bin'))],
  ['path', fileSource(path)],
]

describe.each(sources)('%s', (_, source) => {
  test('size, name, ranges', async () => {
    expect(await source.size()).toBe(1000)
    expect(source.name).toMatch(/data\.bin$/)
    expect(await source.read(0, 1000)).toEqual(content)
    expect(await source.read(3, 5)).toEqual(content.slice(3, 8))
    expect(await source.read(1000, 0)).toEqual(new Uint8Array())
  })

  test.each([
    [999, 2],
    [1001, 0],
    [-1, 1],
    [0, -1],
    [0.5, 1],
    [0, Number.NaN],
    [2 ** 53, 1],
    [0, 2 ** 52],
  ])('bytes %d + %d are refused before anything is allocated', async (offset, length) => {
    await expect(source.read(offset, length)).rejects.toThrow(FileReadError)
  })

  test('what is read is the caller’s own', async () => {
    const first = await source.read(0, 4)
    first.fill(255)
    expect(await source.read(0, 4)).toEqual(content.slice(0, 4))
  })
})

describe('files on disk', () => {
  test('a missing one', async () => {
    const missing = join(folder, 'no.bin')
    await expect(fileSource(missing).size()).rejects.toMatchObject({
      name: 'FileNotFoundError',
      path: missing,
    })
    await expect(fileSource(missing).read(0, 1)).rejects.toThrow(missing)
    await expect(fileSource(join(path, 'below-a-file')).size()).rejects.toThrow(FileNotFoundError)
  })

  test('a folder is not read', async () => {
    await expect(fileSource(folder).size()).rejects.toThrow('is not a regular file')
    await expect(fileSource(folder).read(0, 0)).rejects.toThrow(FileReadError)
  })

  test('by URL', async () => {
    const url = pathToFileURL(path)
    expect(await fileSource(url).read(2, 1)).toEqual(content.slice(2, 3))
    expect((await fileFolder(pathToFileURL(folder)).open('data.bin')).name).toBe(path)
  })

  test('where there is no Node', async () => {
    const { process } = globalThis
    try {
      Object.assign(globalThis, { process: undefined })
      const error = await fileSource(path)
        .size()
        .catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({
        name: 'FileReadError',
        problem: expect.stringContaining('there is no Node'),
      })
    } finally {
      Object.assign(globalThis, { process })
    }
  })

  test('through a folder', async () => {
    const source = await fileFolder(folder).open('data.bin')
    expect(await source.read(1, 2)).toEqual(content.slice(1, 3))
  })
})

test('a folder of sources finds them by name', async () => {
  const picked = folderOf('picked', [bytesSource('a', content)])
  expect((await picked.open('a')).name).toBe('a')
  await expect(picked.open('b')).rejects.toMatchObject({ name: 'FileNotFoundError', path: 'picked/b' })
})

test('a file that is rewritten between two reads is refused', async () => {
  const changing = join(folder, 'changing.bin')
  await writeFile(changing, content)
  const source = fileSource(changing)
  expect(await source.read(0, 4)).toEqual(content.subarray(0, 4))
  await writeFile(changing, content.toReversed())
  await utimes(changing, 1, 1)
  await expect(source.read(4, 4)).rejects.toThrow('has changed since it was opened')
})

test('another file of the same size and time is refused', async () => {
  const [changing, other] = [join(folder, 'place.bin'), join(folder, 'other.bin')]
  for (const each of [changing, other]) {
    await writeFile(each, content)
    await utimes(each, 1, 1)
  }
  const source = fileSource(changing)
  await source.size()
  await rename(other, changing)
  await expect(source.read(4, 4)).rejects.toThrow('has changed since it was opened')
})

test('a file that could not be opened is tried again at once', async () => {
  const late = join(folder, 'late.bin')
  const use = lingeringHandle(late, late)
  await expect(use((file) => file.stat())).rejects.toMatchObject({ name: 'FileNotFoundError' })
  await writeFile(late, content)
  expect((await use((file) => file.stat())).size).toBe(1000)
})

test('a file is closed a moment after it was read, and opened again when needed', async () => {
  const lingering = join(folder, 'lingering.bin')
  await writeFile(lingering, content)
  const isOpen = async () => {
    const links = await Promise.all(
      (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
    )
    return links.includes(lingering)
  }
  const source = fileSource(lingering)
  await Promise.all([source.read(0, 4), source.read(4, 4)])
  if (process.platform === 'linux') {
    await expect.poll(isOpen, { timeout: 5000 }).toBe(false)
  }
  expect(await source.read(8, 4)).toEqual(content.slice(8, 12))
})

test('a file that becomes a pipe after it was opened does not hang its reader', async (context) => {
  if (process.platform === 'win32') context.skip('Windows has no named pipes in folders')
  const pipe = join(folder, 'pipe.bin')
  await writeFile(pipe, content)
  const source = fileSource(pipe)
  expect(await source.size()).toBe(1000)
  await rm(pipe)
  execFileSync('mkfifo', [pipe])
  await expect(source.read(0, 4)).rejects.toThrow(FileReadError)
})
