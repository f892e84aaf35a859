/**
 * Files written tensor after tensor, to every kind of sink.
 *
 * Mutations seen red: parts of one byte left out; the check for too few bytes; the check for too many; nothing
 * renamed; what was written left in the folder after an error; the stream not aborted; the same memory given to a
 * stream twice; the offset of a short write not moved on.
 */
import { createHash } from 'node:crypto'
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openSafetensors } from './safetensors.ts'
import { streamTensors } from './stream-tensors.ts'
import { goldenFolder } from './test-files.ts'
import { type Sink, type TensorToStream, writeSafetensorsTo } from './write-stream.ts'

const root = await mkdtemp(join(tmpdir(), 'octoscale-write-'))
afterAll(() => rm(root, { recursive: true }))
const path = join(root, 'out.safetensors')
beforeEach(async () => {
  for (const name of await readdir(root)) await rm(join(root, name))
})

const golden = `${goldenFolder}all-dtypes.safetensors`
const original = await readFile(golden)
const file = await openSafetensors(golden)
const metadata = Object.fromEntries(file.metadata)
/** In chunks of 7 bytes that share memory. */
const tensors = (await streamTensors(file, { chunkBytes: 7 })).reverse()
const facts = { bytes: original.length, sha256: createHash('sha256').update(original).digest('hex') }

const u8 = (name: string, read: TensorToStream['read'], size = 4): TensorToStream => ({
  name,
  dtype: 'U8',
  shape: [size],
  read,
})
const bad = [u8('a', () => new Uint8Array(4)), u8('b', () => Promise.reject(new RangeError('mine')))]

describe('byte for byte as by Python', () => {
  const check = async (sink: Sink) => {
    expect(await writeSafetensorsTo(sink, tensors, { metadata })).toEqual(facts)
  }

  test('a path, a file URL, over an older file', async () => {
    await check(path)
    expect((await readFile(path)).equals(original)).toBe(true)
    await writeFile(path, 'old')
    await check(pathToFileURL(path))
    expect((await readFile(path)).equals(original)).toBe(true)
    expect(await readdir(root)).toEqual(['out.safetensors'])
  })

  test('an open file, which stays open', async () => {
    const handle = await open(path, 'w')
    await check(handle)
    await handle.write('more')
    await handle.close()
    expect((await readFile(path)).equals(Buffer.concat([original, Buffer.from('more')]))).toBe(true)
  })

  test('an open file that takes three bytes at a time', async () => {
    const parts: number[] = []
    await check({
      fd: 7,
      async write(bytes, offset) {
        const some = bytes.subarray(offset, offset + 3)
        parts.push(...some)
        return { bytesWritten: some.byteLength }
      },
    })
    expect(Buffer.from(parts).equals(original)).toBe(true)
  })

  test.each([0, undefined, -1])('an open file that took %j bytes', async (bytesWritten) => {
    const sink = { fd: 7, write: async () => ({ bytesWritten: bytesWritten as number }) }
    await expect(writeSafetensorsTo(sink, tensors)).rejects.toMatchObject({ name: 'FileWriteError' })
  })

  test('a stream, which keeps what it is given and is closed', async () => {
    const parts: Uint8Array[] = []
    let closed = false
    const stream = new WritableStream<Uint8Array<ArrayBuffer>>({
      write: (part) => void parts.push(part),
      close() {
        closed = true
      },
    })
    await check(stream)
    expect(Buffer.concat(parts).equals(original)).toBe(true)
    expect(closed).toBe(true)
  })

  test('a slow function', async () => {
    const parts: Uint8Array[] = []
    await check(async (part) => {
      await new Promise((resolve) => setImmediate(resolve))
      parts.push(part.slice())
    })
    expect(Buffer.concat(parts).equals(original)).toBe(true)
  })

  test('bytes at once, promised, in arrays, in generators', async () => {
    const whole = [
      u8('a', () => Uint8Array.of(1, 2, 3, 4)),
      u8('b', async () => Uint8Array.of(1, 2, 3, 4)),
      u8('c', () => [Uint8Array.of(1, 2), Uint8Array.of(), Uint8Array.of(3, 4)]),
      u8('d', async function* () {
        yield Uint8Array.of(1)
        yield Uint8Array.of(2, 3, 4)
      }),
    ]
    await writeSafetensorsTo(path, whole)
    const written = await openSafetensors(path)
    for (const name of 'abcd') expect([...(await written.read(name))]).toEqual([1, 2, 3, 4])
  })
})

describe('what goes wrong leaves nothing', () => {
  const cases: readonly [string, readonly TensorToStream[], string][] = [
    ['a tensor that cannot be read', bad, 'mine'],
    ['too few bytes', [u8('a', () => new Uint8Array(3))], 'tensor "a" must be 4 bytes for U8 [4], got 3'],
    ['too many bytes', [u8('a', () => [new Uint8Array(3), new Uint8Array(2)])], 'got at least 5'],
    [
      'no bytes',
      [u8('a', () => new Float32Array(1) as unknown as Uint8Array)],
      'got something else than Uint8Array',
    ],
    [
      'two of one name',
      [u8('a', () => new Uint8Array(4)), u8('a', () => new Uint8Array(4))],
      'two of that name',
    ],
    ['an unknown dtype', [{ ...u8('a', () => []), dtype: 'Q1' as 'U8' }], 'must be of a dtype of BOOL'],
    ['half a byte', [{ ...u8('a', () => [], 3), dtype: 'F4' }], 'a whole number of bytes'],
    ['an overflow', [{ ...u8('a', () => []), shape: [2 ** 40, 2 ** 40] }], 'a whole number of bytes'],
    ['a negative size', [{ ...u8('a', () => []), shape: [-4] }], 'a whole number of bytes'],
  ]
  test.each(cases)('%s', async (_, list, message) => {
    await writeFile(path, 'old')
    await expect(writeSafetensorsTo(path, list)).rejects.toThrow(message)
    expect(await readdir(root)).toEqual(['out.safetensors'])
    expect(await readFile(path, 'utf8')).toBe('old')
  })

  test('metadata that is no text', async () => {
    const wrong = { a: 7 as unknown as string }
    await expect(writeSafetensorsTo(path, [], { metadata: wrong })).rejects.toThrow(
      'metadata "a" must be text',
    )
    await expect(writeSafetensorsTo(path, [], { metadata: { a: '\ud800' } })).rejects.toThrow('valid Unicode')
  })

  test('a stream is aborted, a failing one passed on', async () => {
    let reason: unknown
    const stream = new WritableStream<Uint8Array<ArrayBuffer>>({
      abort(why) {
        reason = why
      },
    })
    await expect(writeSafetensorsTo(stream, bad)).rejects.toThrow('mine')
    expect(reason).toBeInstanceOf(RangeError)
    const full = () => Promise.reject(new RangeError('disk full'))
    await expect(writeSafetensorsTo(new WritableStream({ write: full }), tensors)).rejects.toThrow(
      'disk full',
    )
    await expect(writeSafetensorsTo(full, tensors)).rejects.toThrow('disk full')
  })

  test('a path that cannot be written', async () => {
    const nowhere = writeSafetensorsTo(join(root, 'no/folder/a'), tensors)
    await expect(nowhere).rejects.toMatchObject({ name: 'FileWriteError', path: join(root, 'no/folder/a') })
    await expect(writeSafetensorsTo('https://host/a?secret', [])).rejects.toMatchObject({
      name: 'FileWriteError',
    })
    await expect(writeSafetensorsTo(7 as unknown as Sink, [])).rejects.toMatchObject({
      name: 'ArgumentError',
    })
  })

  test('aborted; readers are told to stop', async () => {
    const controller = new AbortController()
    let stopped = false
    const endless = u8(
      'a',
      async function* () {
        try {
          for (;;) yield new Uint8Array(1)
        } finally {
          stopped = true
        }
      },
      2 ** 40,
    )
    const onProgress = ({ bytes }: { bytes: number }) => bytes > 500 && controller.abort()
    const writing = writeSafetensorsTo(path, [endless], { signal: controller.signal, onProgress })
    await expect(writing).rejects.toMatchObject({ name: 'AbortError' })
    expect(stopped).toBe(true)
    expect(await readdir(root)).toEqual([])
  })
})

test('progress counts to the size of the file', async () => {
  const seen: number[] = []
  await writeSafetensorsTo(() => {}, tensors, {
    metadata,
    onProgress({ bytes, total }) {
      expect(total).toBe(original.length)
      seen.push(bytes)
    },
  })
  expect(seen.at(-1)).toBe(original.length)
  expect(seen).toEqual([...seen].sort((a, b) => a - b))
})

test('a dtype that safetensors has not cannot be streamed', async () => {
  const other = {
    ...file,
    names: ['q'],
    info: async () => ({ name: 'q', dtype: 'Q4_K', shape: [1], offset: 0, bytes: 1 }),
  }
  await expect(streamTensors(other)).rejects.toThrow(
    'tensor "q": dtype "Q4_K" cannot be stored in safetensors',
  )
})
