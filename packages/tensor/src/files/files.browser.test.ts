/**
 * Reading, hashing and writing in a page: picked files, URLs relative to the page, the origin's private folder.
 *
 * Mutations seen red: strings taken for paths; Node's hash asked for without looking; an aborted file left in the folder.
 */
import { afterEach, expect, test } from 'vitest'
import { openCheckpoint } from './checkpoint.ts'
import type { DirectoryHandle } from './directory-handle.ts'
import { openSafetensors } from './safetensors.ts'
import { streamTensors } from './stream-tensors.ts'
import { sha256Of } from './verify-sources.ts'
import { writeCheckpoint } from './write-checkpoint.ts'
import { writeSafetensors } from './write-safetensors.ts'
import { type TensorToStream, writeSafetensorsTo } from './write-stream.ts'

const bytes = writeSafetensors({
  a: { dtype: 'U8', shape: [300_000], data: Uint8Array.from({ length: 300_000 }, (_, i) => i * 7) },
  b: { dtype: 'F32', shape: [2], data: new Uint8Array(Float32Array.of(1.5, -2).buffer) },
}) as Uint8Array<ArrayBuffer>

async function webCryptoHash(data: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The origin's private folder, empty. */
async function emptyFolder(): Promise<DirectoryHandle> {
  const root = await navigator.storage.getDirectory()
  return (await root.getDirectoryHandle('octoscale', { create: true })) as unknown as DirectoryHandle
}
afterEach(async () => {
  const root = await navigator.storage.getDirectory()
  await root.removeEntry('octoscale', { recursive: true }).catch(() => {})
})

async function namesOf(folder: DirectoryHandle): Promise<string[]> {
  const names: string[] = []
  for await (const name of folder.keys()) names.push(name)
  return names.sort()
}

test('a picked file, a blob URL, bytes', async () => {
  const file = new File([bytes], 'model.safetensors')
  for (const location of [file, [file], URL.createObjectURL(file), bytes]) {
    const checkpoint = await openCheckpoint(location)
    expect(await checkpoint.readFloat32('b')).toEqual(Float32Array.of(1.5, -2))
  }
})

test('a string is a URL relative to the page', async () => {
  // The page's server answers an unknown address with 404 or a page: in no case is it a path.
  const error = await openSafetensors('no/such.safetensors').catch((thrown: Error) => thrown)
  expect(['FileNotFoundError', 'FormatError']).toContain((error as Error).name)
  expect(String(error)).toContain(`${location.origin}/`)
})

test('SHA-256 without Node is that of WebCrypto', async () => {
  expect(await sha256Of(new Blob([bytes]))).toBe(await webCryptoHash(bytes))
})

test('a checkpoint in several files, into the origin’s private folder and back', async () => {
  const folder = await emptyFolder()
  const source = await openCheckpoint(bytes)
  const { files } = await writeCheckpoint(folder, await streamTensors(source), { maxShardBytes: 1000 })
  expect(await namesOf(folder)).toEqual([
    'model-00001-of-00002.safetensors',
    'model-00002-of-00002.safetensors',
    'model.safetensors.index.json',
  ])
  const sha256 = Object.fromEntries(files.map((file) => [file.file, file.sha256]))
  const written = await openCheckpoint(folder, { sha256 })
  await written.verify()
  expect(await written.read('a')).toEqual(await source.read('a'))
})

test('after an error the folder is as it was', async () => {
  const folder = await emptyFolder()
  const good: TensorToStream = { name: 'a', dtype: 'U8', shape: [9], read: () => new Uint8Array(9) }
  const bad: TensorToStream = { ...good, name: 'b', read: () => Promise.reject(new RangeError('mine')) }
  await expect(writeCheckpoint(folder, [good, bad], { maxShardBytes: 9 })).rejects.toThrow('mine')
  expect(await namesOf(folder)).toEqual([])
})

test('to the stream of a file', async () => {
  const folder = await emptyFolder()
  const handle = await folder.getFileHandle('one.safetensors', { create: true })
  const tensors = await streamTensors(await openSafetensors(bytes))
  const { sha256 } = await writeSafetensorsTo(await handle.createWritable(), tensors)
  expect(sha256).toBe(await webCryptoHash(bytes))
  expect(new Uint8Array(await (await handle.getFile()).arrayBuffer())).toEqual(bytes)
})
