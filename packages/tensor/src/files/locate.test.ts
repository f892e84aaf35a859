/**
 * Everything that `openCheckpoint` may be given, and what it finds there by content, not by name.
 *
 * Mutations seen red: the kind taken from the name; a folder with two checkpoints opened at the first; hidden files
 * taken; the query of a folder's URL dropped; subfolders of picked files taken; every URL taken for a file; `check` without
 * looking for the index's tensors, or blind to a tensor in a second file.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { fileFolder, fileSource } from '../node.ts'
import { bytesSource, folderOf } from './byte-source.ts'
import { openCheckpoint } from './checkpoint.ts'
import type { CheckpointLocation } from './locate.ts'
import { memoryDirectory } from './memory-directory.ts'
import { goldenFolder } from './test-files.ts'
import { writeCheckpoint } from './write-checkpoint.ts'
import { writeSafetensors } from './write-safetensors.ts'

const one = writeSafetensors({ a: { dtype: 'U8', shape: [2], data: Uint8Array.of(1, 2) } })
const gguf = new Uint8Array(await readFile(`${goldenFolder}gguf/tensors.gguf`))
const INDEX = 'model.safetensors.index.json'
const index = JSON.stringify({ weight_map: { a: 's.safetensors' } })
const sharded = { [INDEX]: index, 's.safetensors': one }

const root = await mkdtemp(join(tmpdir(), 'octoscale-locate-'))
/** Paths asked for, with their query. */
const asked: string[] = []
const server = createServer(async (request, response) => {
  asked.push(request.url!)
  const path = new URL(request.url!, 'http://host').pathname
  const bytes = await readFile(join(root, path)).catch(() => undefined)
  if (path.startsWith('/app/')) return response.end('<!doctype html>')
  return bytes === undefined ? response.writeHead(404).end() : response.end(bytes)
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
afterAll(async () => {
  server.close()
  await rm(root, { recursive: true })
})

let count = 0
/** A folder on disk with these files. */
async function folder(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const path = join(root, `${count++}`)
  const { mkdir } = await import('node:fs/promises')
  await mkdir(path)
  for (const [name, data] of Object.entries(files)) await writeFile(join(path, name), data)
  return path
}
const webPath = (path: string) => `${base}${path.slice(root.length)}`

describe('one safetensors file', async () => {
  const path = await folder({ 'model.safetensors': one, 'config.json': '{"hidden_size":4}' })
  const file = join(path, 'model.safetensors')
  const locations: readonly [string, CheckpointLocation, 'config' | 'no config'][] = [
    ['folder', path, 'config'],
    ['URL of a folder', pathToFileURL(path), 'config'],
    ['path', file, 'config'],
    ['file URL', pathToFileURL(file), 'config'],
    ['web folder', webPath(path), 'config'],
    ['web folder with a slash', `${webPath(path)}/`, 'config'],
    ['web file', webPath(file), 'config'],
    ['Folder', fileFolder(path), 'config'],
    ['ByteSource', fileSource(file), 'no config'],
    ['bytes', one, 'no config'],
    ['Blob', new Blob([one as Uint8Array<ArrayBuffer>]), 'no config'],
    ['one picked file', [new File([one as Uint8Array<ArrayBuffer>], 'x')], 'no config'],
    [
      'directory handle',
      memoryDirectory({ 'model.safetensors': one, 'config.json': '{"hidden_size":4}' }),
      'config',
    ],
  ]
  test.each(locations)('%s', async (_, location, config) => {
    const checkpoint = await openCheckpoint(location)
    expect(checkpoint.format).toBe('safetensors')
    expect(await checkpoint.read('a')).toEqual(Uint8Array.of(1, 2))
    expect(await checkpoint.readConfig()).toEqual(config === 'config' ? { hidden_size: 4 } : undefined)
    expect(await checkpoint.check()).toEqual({ files: 1, tensors: 1, unlisted: [] })
    expect(checkpoint.files).toHaveLength(1)
  })
})

describe('several files', async () => {
  const path = await folder(sharded)
  const files = Object.entries(sharded).map(
    ([name, data]) => new File([data as Uint8Array<ArrayBuffer>], name),
  )
  const locations: readonly [string, CheckpointLocation][] = [
    ['folder', path],
    ['index', join(path, INDEX)],
    ['web folder', webPath(path)],
    ['web index', `${webPath(path)}/${INDEX}`],
    ['picked files', files],
    ['a generator of them', new Set(files).values()],
    ['directory handle', memoryDirectory(sharded)],
  ]
  test.each(locations)('%s', async (_, location) => {
    const checkpoint = await openCheckpoint(location)
    expect(checkpoint.files).toEqual(['s.safetensors'])
    expect(await checkpoint.read('a')).toEqual(Uint8Array.of(1, 2))
    const room = new Uint8Array(1)
    await checkpoint.readInto('a', 1, room)
    expect(room[0]).toBe(2)
    expect(await checkpoint.readConfig()).toBeUndefined()
  })

  test('an index by itself', async () => {
    await expect(openCheckpoint(new TextEncoder().encode(index))).rejects.toThrow(
      'is an index: give the folder or all the files',
    )
  })
})

describe('GGUF', () => {
  test('by path, bytes, in a folder, and under a false name', async () => {
    const path = await folder({ 'q.gguf': gguf, 'README.md': '' })
    const lying = await folder({ 'model.safetensors': gguf })
    for (const location of [path, join(path, 'q.gguf'), gguf, lying, `${webPath(path)}/q.gguf`]) {
      const checkpoint = await openCheckpoint(location)
      expect(checkpoint.format).toBe('gguf')
      const [name] = checkpoint.names
      const { bytes } = await checkpoint.info(name!)
      expect(await checkpoint.read(name!)).toHaveLength(bytes)
      expect((await checkpoint.fileOf(name!)).metadata.size).toBeGreaterThan(0)
    }
  })
})

describe('which file of a folder', () => {
  test.each([
    ['another name', { 'consolidated.safetensors': one, '._x.safetensors': 'x' }, 'consolidated.safetensors'],
    ['another index', { 'a.safetensors.index.json': index, 's.safetensors': one }, 's.safetensors'],
    ['the index before parts', { ...sharded, 't.safetensors': one }, 's.safetensors'],
    ['model.safetensors before all', { ...sharded, 'model.safetensors': one }, 'model.safetensors'],
  ])('%s', async (_, files, opened) => {
    expect((await openCheckpoint(await folder(files))).files).toEqual([opened])
  })

  test('several are not guessed at', async () => {
    const path = await folder({ 'a.safetensors': one, 'b.safetensors': one })
    await expect(openCheckpoint(path)).rejects.toThrow(
      'has 2 files *.safetensors ("a.safetensors", "b.safetensors")',
    )
    await expect(openCheckpoint(await folder({ 'a.gguf': gguf, 'b.gguf': gguf }))).rejects.toThrow(
      'has 2 files *.gguf',
    )
  })

  test('none', async () => {
    await expect(openCheckpoint(await folder({ 'README.md': '' }))).rejects.toMatchObject({
      name: 'FileNotFoundError',
    })
    await expect(openCheckpoint([])).rejects.toMatchObject({ name: 'FileNotFoundError' })
    await expect(openCheckpoint(join(root, 'nothing'))).rejects.toMatchObject({ name: 'FileNotFoundError' })
  })

  test('picked files: those of subfolders are left out', async () => {
    const file = (path: string, data: Uint8Array) => {
      const picked = new File([data as Uint8Array<ArrayBuffer>], path.split('/').at(-1)!)
      return Object.assign(picked, { webkitRelativePath: path })
    }
    const other = writeSafetensors({ b: { dtype: 'U8', shape: [1], data: Uint8Array.of(1) } })
    const files = [
      file('m/old/model.safetensors', other),
      file('m/model.safetensors', one),
      file('m/a.txt', one),
    ]
    const checkpoint = await openCheckpoint(files)
    expect(checkpoint.names).toEqual(['a'])
    await expect(checkpoint.read('b')).rejects.toThrow('m/model.safetensors')
  })
})

describe('on the web', () => {
  test('a query goes along, and into no message', async () => {
    const path = await folder({ 'model.safetensors': one })
    asked.length = 0
    const checkpoint = await openCheckpoint(`${webPath(path)}?token=secret`)
    expect(await checkpoint.readConfig()).toBeUndefined()
    for (const url of asked) expect(url).toMatch(/\?token=secret$/)
    expect(asked.length).toBeGreaterThan(1)
    const error = await checkpoint.read('x').catch((thrown: Error) => thrown)
    expect(`${error}`).toContain('/model.safetensors: tensor "x"')
    expect(`${error}${checkpoint.name}`).not.toContain('secret')
    const missing = await openCheckpoint(`${base}/nothing?token=secret`).catch((thrown: Error) => thrown)
    expect(missing).toMatchObject({ name: 'FileNotFoundError' })
    expect(JSON.stringify(missing) + missing).not.toContain('secret')
  })

  test('a file without an extension', async () => {
    const path = await folder({ blob: one })
    expect((await openCheckpoint(`${webPath(path)}/blob`)).names).toEqual(['a'])
  })

  test('an app that answers everything with its page', async () => {
    await expect(openCheckpoint(`${base}/app/model`)).rejects.toThrow('is a page of HTML or XML')
  })
})

describe('what is no checkpoint', () => {
  test.each([
    ['PyTorch', 'PK\u0003\u0004xxxxxxxx', 'a ZIP archive, perhaps a PyTorch checkpoint'],
    ['pickle', Uint8Array.of(0x80, 2, 1, 1, 1, 1, 1, 1, 1), 'a Python pickle'],
    ['LFS', 'version https://git-lfs.github.com/spec/v1', 'git lfs pull'],
    ['empty', '', 'begins with nothing, no known format: 0 bytes are too few'],
    ['text', 'something else', 'begins with 73 6f 6d 65 74 68 69 6e, no known format'],
  ])('%s', async (_, data, message) => {
    const path = await folder({ 'model.safetensors': data })
    for (const location of [path, join(path, 'model.safetensors')]) {
      const error = await openCheckpoint(location).catch((thrown: Error) => thrown)
      expect(error).toMatchObject({ name: 'FormatError' })
      expect(`${error}`).toContain(message)
      expect(`${error}`).toContain('supported are safetensors files, the index')
    }
  })

  test.each([[7], [null], [undefined], [{}], [[7]], ['ftp://host/a']])('%j', async (location) => {
    await expect(openCheckpoint(location as unknown as CheckpointLocation)).rejects.toMatchObject({
      name: 'ArgumentError',
    })
  })

  test.each([
    ['[]', 'must hold a JSON object'],
    ['{"a":1,"a":2}', 'twice'],
    ['{', 'not valid JSON'],
  ])('a config that is %j', async (text, message) => {
    const checkpoint = await openCheckpoint(await folder({ 'model.safetensors': one, 'config.json': text }))
    await expect(checkpoint.readConfig()).rejects.toThrow(message)
  })
})

describe('an index that disagrees with its files', () => {
  const open = (map: object, files: Readonly<Record<string, Uint8Array>>) => {
    const text = new TextEncoder().encode(JSON.stringify({ weight_map: map }))
    const sources = Object.entries({ [INDEX]: text, ...files }).map(([name, data]) => bytesSource(name, data))
    return openCheckpoint(folderOf('model', sources))
  }

  test('a missing file', async () => {
    const checkpoint = await open({ a: 's.safetensors', b: 't.safetensors' }, { 's.safetensors': one })
    await expect(checkpoint.check()).rejects.toMatchObject({
      name: 'FileNotFoundError',
      path: 'model/t.safetensors',
    })
  })

  test('a tensor that its file has not', async () => {
    const checkpoint = await open({ a: 's.safetensors', b: 's.safetensors' }, { 's.safetensors': one })
    await expect(checkpoint.check()).rejects.toThrow('s.safetensors: tensor "b": is not among the 1 tensors')
  })

  test('tensors that it does not list, or puts into another file', async () => {
    const two = writeSafetensors({
      a: { dtype: 'U8', shape: [1], data: Uint8Array.of(9) },
      b: { dtype: 'U8', shape: [1], data: Uint8Array.of(9) },
      c: { dtype: 'U8', shape: [1], data: Uint8Array.of(9) },
    })
    const checkpoint = await open(
      { a: 's.safetensors', b: 't.safetensors' },
      { 's.safetensors': one, 't.safetensors': two },
    )
    expect(await checkpoint.check()).toEqual({
      files: 2,
      tensors: 2,
      unlisted: [
        { file: 't.safetensors', tensor: 'a' },
        { file: 't.safetensors', tensor: 'c' },
      ],
    })
    expect(await checkpoint.read('a')).toEqual(Uint8Array.of(1, 2))
  })
})

test('a directory handle that may not be listed', async () => {
  const refused = {
    ...memoryDirectory(),
    keys: () => {
      throw new DOMException('ask again', 'NotAllowedError')
    },
  }
  const fault = { path: 'directory', problem: 'ask again' }
  await expect(openCheckpoint(refused)).rejects.toMatchObject({ name: 'FileReadError', ...fault })
  await expect(writeCheckpoint(refused, [])).rejects.toMatchObject({
    name: 'FileWriteError',
    problem: 'ask again',
  })
})

test('after an error an overwritten file of a directory handle is the old one', async () => {
  const handle = memoryDirectory({ 'model.safetensors': 'old' })
  const bad = { name: 'a', dtype: 'U8' as const, shape: [1], read: () => Promise.reject(new Error('mine')) }
  await expect(writeCheckpoint(handle, [bad], { overwrite: true })).rejects.toThrow('mine')
  expect(await handle.files.get('model.safetensors')?.text()).toBe('old')
})
