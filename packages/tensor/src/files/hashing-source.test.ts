/**
 * SHA-256 of files while they are read.
 *
 * Mutations seen red: a range that begins after the hashed part hashed all the same; overlapping bytes hashed twice; the
 * rest not read; progress without what came before; the comparison with the hash as given, in capitals; a wrong digest
 * padded with no zeros.
 */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ByteSource, bytesSource, folderOf } from './byte-source.ts'
import { openCheckpoint } from './checkpoint.ts'
import { hashingSource, type Progress } from './hashing-source.ts'
import { createSha256 } from './sha256.ts'
import { goldenFolder } from './test-files.ts'
import { sha256Of } from './verify-sources.ts'
import { writeSafetensors } from './write-safetensors.ts'

const content = Uint8Array.from({ length: 10_000 }, (_, i) => (i * 7) ^ (i >> 8))
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** A source that counts the bytes which are read through it. */
function counting(bytes: Uint8Array): ByteSource & { read: ByteSource['read']; bytesRead: number } {
  const inner = bytesSource('counted', bytes)
  return {
    name: inner.name,
    bytesRead: 0,
    size: () => inner.size(),
    async read(offset, length) {
      this.bytesRead += length
      return inner.read(offset, length)
    },
  }
}

test.each([true, false])('parts of any size, Node’s own: %s', (native) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (parts) => {
      const hash = createSha256(native)
      for (const part of parts) hash.update(part)
      expect(hash.digest()).toBe(hashOf(Buffer.concat(parts)))
    }),
  )
})

test('whatever was read before, in whatever order, the hash is that of the file', async () => {
  const range = fc.tuple(fc.nat(10_000), fc.nat(3000))
  await fc.assert(
    fc.asyncProperty(fc.array(range, { maxLength: 12 }), async (ranges) => {
      const source = hashingSource(bytesSource('a', content))
      for (const [offset, length] of ranges) await source.read(offset, Math.min(length, 10_000 - offset))
      expect(await source.sha256()).toBe(hashOf(content))
      expect(await source.sha256()).toBe(hashOf(content))
    }),
  )
})

test('what was read in order is not read again', async () => {
  const inner = counting(content)
  const source = hashingSource(inner)
  await source.read(0, 4000)
  await source.read(8000, 10)
  const into = new Uint8Array(5000)
  await source.readInto!(3000, into)
  expect(into).toEqual(content.slice(3000, 8000))
  expect(inner.bytesRead).toBe(9010)
  expect(await source.sha256()).toBe(hashOf(content))
  expect(inner.bytesRead).toBe(11_010)
})

test('of a file by path; of an empty one', async () => {
  const path = `${goldenFolder}all-dtypes.safetensors`
  const { readFile } = await import('node:fs/promises')
  expect(await sha256Of(path)).toBe(hashOf(await readFile(path)))
  expect(await sha256Of(new Uint8Array())).toBe(hashOf(new Uint8Array()))
})

test('an aborted pass', async () => {
  const controller = new AbortController()
  const large = new Uint8Array(9 * 2 ** 20)
  const seen: number[] = []
  const onProgress = ({ bytes }: Progress) => {
    seen.push(bytes)
    controller.abort()
  }
  const hashing = sha256Of(large, { signal: controller.signal, onProgress })
  await expect(hashing).rejects.toMatchObject({ name: 'AbortError' })
  expect(seen).toEqual([4 * 2 ** 20])
})

describe('a checkpoint', () => {
  const tensor = (fill: number) => ({
    dtype: 'U8' as const,
    shape: [5000],
    data: new Uint8Array(5000).fill(fill),
  })
  const files = {
    's.safetensors': writeSafetensors({ a: tensor(1), b: tensor(2) }),
    't.safetensors': writeSafetensors({ c: tensor(3) }),
  }
  const map = { a: 's.safetensors', b: 's.safetensors', c: 't.safetensors' }
  const index = new TextEncoder().encode(JSON.stringify({ weight_map: map }))
  const sha256 = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, hashOf(bytes)]))
  const sources = () => Object.entries(files).map(([name, bytes]) => Object.assign(counting(bytes), { name }))
  const folder = (list: readonly ByteSource[]) =>
    folderOf('model', [bytesSource('model.safetensors.index.json', index), ...list])

  test('read in order, it is verified without another read; total and progress', async () => {
    const list = sources()
    const checkpoint = await openCheckpoint(folder(list), { sha256 })
    for (const name of checkpoint.names) await checkpoint.read(name)
    const before = list.map(({ bytesRead }) => bytesRead)
    const progress: Progress[] = []
    await checkpoint.verify({ onProgress: (each) => progress.push(each) })
    expect(list.map(({ bytesRead }) => bytesRead)).toEqual(before)
    const total = files['s.safetensors'].length + files['t.safetensors'].length
    expect(progress).toEqual([
      { bytes: files['s.safetensors'].length, total },
      { bytes: total, total },
    ])
  })

  test('nothing read yet, capitals', async () => {
    const capitals = Object.fromEntries(
      Object.entries(sha256).map(([name, hash]) => [name, hash.toUpperCase()]),
    )
    const checkpoint = await openCheckpoint(folder(sources()), { sha256: capitals })
    const progress: Progress[] = []
    await checkpoint.verify({ onProgress: (each) => progress.push(each) })
    expect(progress.at(-1)!.bytes).toBe(progress.at(-1)!.total)
    expect(progress.every(({ bytes }, i) => i === 0 || bytes >= progress[i - 1]!.bytes)).toBe(true)
  })

  test('another file', async () => {
    const expected = hashOf(new Uint8Array())
    const checkpoint = await openCheckpoint(folder(sources()), {
      sha256: { ...sha256, 't.safetensors': expected },
    })
    await expect(checkpoint.verify()).rejects.toMatchObject({
      name: 'HashError',
      file: 't.safetensors',
      expected,
      got: sha256['t.safetensors'],
    })
  })

  test.each([
    [undefined, 'sha256 must be given for "s.safetensors"'],
    [{ 's.safetensors': sha256['s.safetensors']! }, 'sha256 must be given for "t.safetensors"'],
    [{ ...sha256, 's.safetensors': 'abc' }, 'must be 64 hexadecimal digits, got "abc"'],
  ])('hashes that do not do %#', async (given, message) => {
    const checkpoint = await openCheckpoint(folder(sources()), given === undefined ? {} : { sha256: given })
    await expect(checkpoint.verify()).rejects.toThrow(message)
  })

  test('in one file, by its name', async () => {
    const one = files['s.safetensors']
    const single = folderOf('model', [bytesSource('model.safetensors', one)])
    const checkpoint = await openCheckpoint(single, { sha256: { 'model.safetensors': hashOf(one) } })
    await checkpoint.verify()
  })
})
