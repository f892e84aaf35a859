/**
 * Checkpoints in several files, against what huggingface_hub and transformers wrote for the same tensors
 * (`tooling/fixtures/safetensors/make_checkpoints.py`).
 *
 * Mutations seen red: a large tensor's file after the one begun; `>=` for `>` at a file's limit; weight_map in
 * another order; characters above ASCII as they are; DEL not escaped; the newline of transformers left out; metadata into
 * every file; the old files or the old index left; files of other names taken for old ones; copied instead of renamed;
 * partial files left after an error; the old checkpoint gone after an error; a signal not looked at in the end.
 */
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openCheckpoint } from './checkpoint.ts'
import { memoryDirectory } from './memory-directory.ts'
import type { SafetensorsDType } from './safetensors-dtypes.ts'
import { safetensorsDTypes } from './safetensors-dtypes.ts'
import { streamTensors } from './stream-tensors.ts'
import { goldenFolder } from './test-files.ts'
import { type WriteCheckpointOptions, writeCheckpoint } from './write-checkpoint.ts'
import type { TensorToStream } from './write-stream.ts'

interface Case {
  readonly tensors: readonly {
    name: string
    dtype: SafetensorsDType
    shape: readonly number[]
    byte: number
  }[]
  readonly options: WriteCheckpointOptions
  readonly index: string | null
  readonly files: Readonly<Record<string, { bytes: number; sha256: string }>>
}
const cases: Readonly<Record<string, Case>> = JSON.parse(
  readFileSync(`${goldenFolder}checkpoints.json`, 'utf8'),
)
const several = cases['hub, several files']!

const root = await mkdtemp(join(tmpdir(), 'octoscale-checkpoint-'))
afterAll(() => rm(root, { recursive: true }))
beforeEach(async () => {
  await rm(root, { recursive: true })
  await mkdir(root)
})

function streams({ tensors }: Case): TensorToStream[] {
  return tensors.map(({ name, dtype, shape, byte }) => {
    const count = shape.reduce((product, size) => product * size, 1)
    const data = new Uint8Array((count * safetensorsDTypes[dtype].bits) / 8).fill(byte)
    return { name, dtype, shape, read: () => data }
  })
}

describe.each(Object.entries(cases))('%s', (_, golden) => {
  const names = [
    ...Object.keys(golden.files),
    ...(golden.index === null ? [] : ['model.safetensors.index.json']),
  ]

  test('on disk, byte for byte', async () => {
    const folder = join(root, 'below/model')
    const { files, index } = await writeCheckpoint(folder, streams(golden), golden.options)
    expect(Object.fromEntries(files.map(({ file, ...facts }) => [file, facts]))).toEqual(golden.files)
    expect((await readdir(folder)).sort()).toEqual(names.sort())
    if (index !== undefined) expect(await readFile(join(folder, index), 'utf8')).toBe(golden.index)
    const sha256 = Object.fromEntries(files.map((file) => [file.file, file.sha256]))
    const checkpoint = await openCheckpoint(folder, { sha256 })
    await checkpoint.verify()
    expect((await checkpoint.check()).unlisted).toEqual([])
    for (const { name, byte } of golden.tensors) {
      expect((await checkpoint.read(name)).every((each) => each === byte)).toBe(true)
    }
  })

  test('into a directory handle', async () => {
    const directory = memoryDirectory({ 'notes.txt': 'mine' })
    const { files } = await writeCheckpoint(directory, streams(golden), golden.options)
    expect([...directory.files.keys()].sort()).toEqual([...names, 'notes.txt'].sort())
    expect((await openCheckpoint(directory)).files).toHaveLength(files.length)
    if (golden.index !== null) {
      expect(await directory.files.get('model.safetensors.index.json')!.text()).toBe(golden.index)
    }
  })
})

describe('over another checkpoint', () => {
  const options = { ...several.options, overwrite: true }

  test('not unless it is said', async () => {
    await writeFile(join(root, 'model-00001-of-00009.safetensors'), 'old')
    const writing = writeCheckpoint(root, streams(several), several.options)
    await expect(writing).rejects.toMatchObject({ name: 'FileWriteError', path: root })
    await expect(writing).rejects.toThrow(
      '(model-00001-of-00009.safetensors); give another folder, or overwrite',
    )
    // Another name's checkpoint is none of its business.
    await writeCheckpoint(root, streams(several), { ...several.options, name: 'model-2' })
  })

  test('none of its files stays, and no other goes', async () => {
    const old = ['model.safetensors', 'model-00007-of-00007.safetensors', 'model.safetensors.index.json']
    const kept = ['config.json', 'model.safetensors.backup', 'model-1.safetensors', 'supermodel.safetensors']
    for (const name of [...old, ...kept]) await writeFile(join(root, name), 'old')
    await writeCheckpoint(root, streams(several), options)
    const names = [...Object.keys(several.files), 'model.safetensors.index.json', ...kept]
    expect((await readdir(root)).sort()).toEqual(names.sort())
  })

  test('what is read may be what is replaced', async () => {
    await writeCheckpoint(root, streams(several), options)
    const before = await openCheckpoint(root)
    await writeCheckpoint(root, await streamTensors(before), { maxShardBytes: 1e6, overwrite: true })
    expect(await readdir(root)).toEqual(['model.safetensors'])
    const after = await openCheckpoint(root)
    for (const { name, byte } of several.tensors) {
      expect((await after.read(name)).every((each) => each === byte)).toBe(true)
    }
  })

  test.each(['the last tensor', 'a signal', 'the disk'])(
    'after an error of %s all is as it was',
    async (what) => {
      await writeCheckpoint(root, streams(several), options)
      const before = await Promise.all(
        (await readdir(root)).sort().map((name) => readFile(join(root, name), 'utf8')),
      )
      const controller = new AbortController()
      const list = streams(several)
      const last = list.at(-1)!
      const fail = () => Promise.reject(new RangeError('mine'))
      const tensors = what === 'the last tensor' ? [...list.slice(0, -1), { ...last, read: fail }] : list
      const target = what === 'the disk' ? join(root, 'model.safetensors.index.json') : root
      const onProgress = ({ bytes, total }: { bytes: number; total: number }) => {
        if (what === 'a signal' && bytes === total) controller.abort()
      }
      await expect(
        writeCheckpoint(target, tensors, { ...options, onProgress, signal: controller.signal }),
      ).rejects.toThrow()
      const names = (await readdir(root)).sort()
      expect(names).toHaveLength(Object.keys(several.files).length + 1)
      expect(await Promise.all(names.map((name) => readFile(join(root, name), 'utf8')))).toEqual(before)
    },
  )

  test('a directory handle, too', async () => {
    const directory = memoryDirectory({ 'model.safetensors': 'old' })
    const list = streams(several)
    const fail = { ...list.at(-1)!, read: () => Promise.reject(new RangeError('mine')) }
    await expect(writeCheckpoint(directory, [...list.slice(0, -1), fail], options)).rejects.toThrow('mine')
    expect([...directory.files.keys()]).toEqual(['model.safetensors'])
    expect(await directory.files.get('model.safetensors')!.text()).toBe('old')
  })
})

test('progress over all files', async () => {
  const seen: number[] = []
  let total = 0
  await writeCheckpoint(root, streams(several), {
    ...several.options,
    onProgress(progress) {
      seen.push(progress.bytes)
      total = progress.total
    },
  })
  expect(total).toBe(Object.values(several.files).reduce((sum, { bytes }) => sum + bytes, 0))
  expect(seen.at(-1)).toBe(total)
  expect(seen).toEqual([...seen].sort((a, b) => a - b))
})

test('no tensors: one file that can be read', async () => {
  await writeCheckpoint(root, [])
  expect((await openCheckpoint(root)).names).toEqual([])
})

test.each([
  [{ maxShardBytes: 0 }, 'maxShardBytes must be'],
  [{ maxShardBytes: Number.NaN }, 'maxShardBytes must be'],
  [{ name: '../a' }, 'name must be the name of a file'],
  [{ name: '.hidden' }, 'name must be'],
  [{ name: '' }, 'name must be'],
])('options %j', async (options, message) => {
  await expect(writeCheckpoint(root, [], options)).rejects.toThrow(message)
})

test('a name in two files, a URL', async () => {
  const [first] = streams(several)
  await expect(writeCheckpoint(root, [first!, first!], { maxShardBytes: 1 })).rejects.toThrow(
    'two of that name',
  )
  await expect(writeCheckpoint('https://host/a', [])).rejects.toMatchObject({ name: 'FileWriteError' })
})
