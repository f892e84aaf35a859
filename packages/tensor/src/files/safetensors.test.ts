/**
 * Reading against what torch and ml_dtypes say that Python's files hold (`tooling/fixtures/safetensors`).
 *
 * Mutations seen red: F4 high nibble first; F6 codes without unpacking; FNUZ decoded as the OCP form; `readInto` without
 * the tensor's offset; `checkPart` without its upper bound; an f32 tensor's bytes taken at the start of a pool.
 */
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { f32ToBf16Array } from '@octoscale/fp8-core'
import { describe, expect, test } from 'vitest'
import { ArgumentError } from '../errors.ts'
import { fileSource } from '../node.ts'
import { type ByteSource, bytesSource } from './byte-source.ts'
import type { FileLocation } from './open-source.ts'
import { readChunks } from './read-chunks.ts'
import { openSafetensors } from './safetensors.ts'
import { safetensorsDTypes } from './safetensors-dtypes.ts'
import { floatDTypes } from './stored-floats.ts'
import { expected, fileWith, goldenFolder, hexOf } from './test-files.ts'
import { writeSafetensors } from './write-safetensors.ts'

const fp6 = await openSafetensors(`${goldenFolder}fp6.safetensors`)
const file = await openSafetensors(fileSource(`${goldenFolder}all-dtypes.safetensors`))

describe('a file by the Python library', () => {
  test('names, metadata', () => {
    expect(new Set(file.names)).toEqual(new Set(Object.keys(expected.tensors)))
    expect([...file.metadata]).toEqual([['größe "x"\n', 'é"\n\u0001\u{1f600}']])
  })

  test.each(Object.entries(expected.tensors))('%j', async (name, facts) => {
    const { dtype, shape, bytes } = await file.info(name)
    expect({ dtype, shape }).toEqual({ dtype: facts.dtype, shape: facts.shape })
    expect(bytes).toBe(facts.bytes.length / 2)
    expect(hexOf(await file.read(name))).toBe(facts.bytes)
    expect(hexOf(await file.readElements(name))).toBe(facts.bytes)
  })

  const floats = Object.entries(expected.tensors).filter(([, { f32 }]) => f32 !== undefined)
  test.each([...floats, ...Object.entries(expected.fp6)])('values of %j', async (name, { f32 }) => {
    const values = await (name in expected.fp6 ? fp6 : file).readFloat32(name)
    const bits = Buffer.from(f32 as string, 'hex')
    const wanted = new Float32Array(bits.buffer.slice(bits.byteOffset, bits.byteOffset + bits.byteLength))
    // Object.is: NaN equals NaN whatever its payload, -0 is not 0.
    expect(values).toHaveLength(wanted.length)
    expect(wanted.findIndex((value, i) => !Object.is(value, values[i]))).toBe(-1)
  })

  test.each(['i32', 'bool', 'complex'])('%s has no float values', async (name) => {
    await expect(file.readFloat32(name)).rejects.toThrow(/has no float values; readable: F64, .*, F4$/)
  })

  test('every dtype is a float or is not', () => {
    const others = ['BOOL', 'U8', 'I8', 'I16', 'U16', 'I32', 'U32', 'C64', 'I64', 'U64']
    expect(new Set([...floatDTypes, ...others])).toEqual(new Set(Object.keys(safetensorsDTypes)))
  })

  test('the table of dtypes covers the file', () => {
    const inFile = new Set(Object.values(expected.tensors).map(({ dtype }) => dtype))
    for (const dtype of inFile) expect(safetensorsDTypes).toHaveProperty(dtype)
    // All but FP6, which the library cannot write: those are in a file of their own.
    expect(new Set([...inFile, 'F6_E2M3', 'F6_E3M2'])).toEqual(new Set(Object.keys(safetensorsDTypes)))
    expect(fp6.names).toHaveLength(2)
  })

  test('element arrays', async () => {
    expect(await file.readElements('i64 negative')).toEqual(BigInt64Array.of(-1n, -(2n ** 63n)))
    expect(await file.readElements('i8')).toEqual(Int8Array.of(0, 1, 42, 127))
    expect(await file.readElements('bool')).toEqual(Uint8Array.of(1, 0, 0, 1))
  })

  test('a file without tensors', async () => {
    const empty = await openSafetensors(fileSource(`${goldenFolder}no-tensors.safetensors`))
    expect(empty.names).toEqual([])
    expect(empty.metadata.size).toBe(0)
  })
})

test('a source that answers with Node Buffers, somewhere in a pool', async () => {
  const inner = fileSource(`${goldenFolder}all-dtypes.safetensors`)
  const pooled: ByteSource = {
    name: 'pooled',
    size: () => inner.size(),
    read: async (offset, length) => Buffer.from(await inner.read(offset, length)),
  }
  const other = await openSafetensors(pooled)
  for (const name of file.names) {
    expect(hexOf(await other.readElements(name))).toBe(expected.tensors[name]?.bytes)
  }
  expect(await other.readFloat32('bf16')).toEqual(await file.readFloat32('bf16'))
})

describe('parts of a tensor', () => {
  test('into the caller’s memory', async () => {
    const whole = await file.read('every e5m2')
    const room = new Uint8Array(20).fill(99)
    await file.readInto('every e5m2', 7, room.subarray(5, 15))
    expect([...room]).toEqual([99, 99, 99, 99, 99, ...whole.subarray(7, 17), 99, 99, 99, 99, 99])
    await file.readInto('every e5m2', 256, new Uint8Array(0))
  })

  test.each([
    [250, 7],
    [257, 0],
    [-1, 1],
    [0.5, 1],
    [Number.NaN, 1],
  ])('%d + %d is not in it, and the next tensor is not read', async (offset, length) => {
    const reading = file.readInto('every e5m2', offset, new Uint8Array(length))
    await expect(reading).rejects.toThrow('must be within the 256 bytes of the tensor')
  })

  test.each([1, 7, 128, 256, 1000])('in chunks of %d bytes', async (chunkBytes) => {
    const parts: number[] = []
    let most = 0
    for await (const chunk of readChunks(file, 'every e4m3', { chunkBytes })) {
      parts.push(...chunk)
      most = Math.max(most, chunk.byteLength)
    }
    expect(parts).toEqual([...(await file.read('every e4m3'))])
    expect(most).toBe(Math.min(chunkBytes, 256))
  })

  test('chunks of an empty tensor, of a wrong size, of an aborted reader', async () => {
    for await (const chunk of readChunks(file, 'empty')) expect(chunk).toBeUndefined()
    await expect(readChunks(file, 'f32', { chunkBytes: 0 }).next()).rejects.toThrow('chunkBytes must be')
    const signal = AbortSignal.abort()
    await expect(readChunks(file, 'f32', { signal }).next()).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('whatever names the bytes', () => {
  const path = `${goldenFolder}all-dtypes.safetensors`
  const bytes = new Uint8Array(readFileSync(path))
  const locations: readonly [string, FileLocation][] = [
    ['path', path],
    ['file URL', pathToFileURL(path)],
    ['text of a file URL', pathToFileURL(path).href],
    ['data URL', `data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`],
    ['blob URL', URL.createObjectURL(new Blob([bytes]))],
    ['bytes', bytes],
    ['Buffer', readFileSync(path)],
    ['ArrayBuffer', bytes.buffer],
    ['Blob', new Blob([bytes])],
    ['File', new File([bytes], 'a.safetensors')],
    ['source', fileSource(path)],
  ]
  test.each(locations)('%s', async (_, location) => {
    const opened = await openSafetensors(location)
    expect(opened.names).toEqual(file.names)
    expect(hexOf(await opened.read('f64'))).toBe(expected.tensors.f64?.bytes)
  })

  test.each([[7], [null], [undefined], [{}], ['ftp://host/a']])('%j is none', async (location) => {
    const opening = openSafetensors(location as unknown as FileLocation)
    await expect(opening).rejects.toThrow(/^openSafetensors: location must be a path/)
  })
})

describe('a tensor that is asked for', () => {
  test('that the file has not', async () => {
    await expect(file.read('toString')).rejects.toMatchObject({ name: 'FormatError', tensor: '"toString"' })
    expect(file.has('toString')).toBe(false)
  })

  test('of a dtype that nobody knows: bytes yes, elements no', async () => {
    const header = { q: { dtype: 'Q3_FUTURE', shape: [5], data_offsets: [0, 3] } }
    const future = await openSafetensors(fileWith(header, 3))
    expect(await future.read('q')).toHaveLength(3)
    expect((await future.info('q')).dtype).toBe('Q3_FUTURE')
    await expect(future.readElements('q')).rejects.toThrow('dtype "Q3_FUTURE" is unknown')
    await expect(future.readFloat32('q')).rejects.toThrow('no float values')
  })

  test('that is empty: its place may be that of another, its other sizes do not count', async () => {
    const header = {
      full: { dtype: 'U8', shape: [1], data_offsets: [0, 1] },
      empty: { dtype: 'F32', shape: [2 ** 52, 2 ** 52, 0], data_offsets: [0, 0] },
    }
    const both = await openSafetensors(fileWith(header, 1))
    expect(await both.read('empty')).toHaveLength(0)
    expect(await both.read('full')).toHaveLength(1)
  })

  test('named like a property of every object', async () => {
    const header = '{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'
    const odd = await openSafetensors(fileWith(header, 1))
    expect(odd.names).toEqual(['__proto__'])
    expect(await odd.read('__proto__')).toEqual(Uint8Array.of(0))
    expect(odd.has('constructor')).toBe(false)
  })
})

describe('some rows as floats', () => {
  const values = Float32Array.from({ length: 24 }, (_, i) => i - 7.5)
  const half = {
    dtype: 'BF16',
    shape: [2, 3, 4],
    data: new Uint8Array(f32ToBf16Array(values).buffer),
  } as const
  const nibbles = {
    dtype: 'F4',
    shape: [3, 3, 2],
    data: Uint8Array.of(0x21, 0x43, 0x65, 0x87, 0xa9, 0xcb, 0xed, 0x0f, 0x10),
  } as const
  const odd = { dtype: 'F4', shape: [4, 3], data: new Uint8Array(6) } as const
  const scalar = { dtype: 'F32', shape: [], data: new Uint8Array(Float32Array.of(2.5).buffer) } as const
  const open = () => openSafetensors(writeSafetensors({ half, nibbles, odd, scalar }))

  test.each([
    ['half', [0, 6]],
    ['half', [1, 3]],
    ['half', [5, 6]],
    ['half', [6, 6]],
    ['nibbles', [2, 5]],
    ['odd', [2, 4]],
    ['scalar', [0, 1]],
  ] as const)('%s, rows %j: the same as of the whole', async (name, rows) => {
    const opened = await open()
    const whole = await opened.readFloat32(name)
    const columns = (await opened.info(name)).shape.at(-1) ?? 1
    const wanted = whole.slice(rows[0] * columns, rows[1] * columns)
    expect(await opened.readFloat32(name, { rows })).toEqual(wanted)
    const out = new Float32Array(wanted.length)
    expect(await opened.readFloat32(name, { rows, out })).toBe(out)
    expect(out).toEqual(wanted)
  })

  test('only their bytes are read', async () => {
    const bytes = writeSafetensors({ half })
    const reads: number[] = []
    const inner = bytesSource('a', bytes)
    const opened = await openSafetensors({
      ...inner,
      read: (offset, length) => {
        reads.push(length)
        return inner.read(offset, length)
      },
    })
    reads.length = 0
    await opened.readFloat32('half', { rows: [2, 4] })
    expect(reads).toEqual([16])
  })

  test.each([
    ['half', { rows: [4, 3] }],
    ['half', { rows: [0, 7] }],
    ['half', { rows: [-1, 2] }],
    ['half', { rows: [0.5, 2] }],
    ['half', { rows: [0, 2], out: new Float32Array(7) }],
    // Three elements of four bits end in the middle of a byte.
    ['odd', { rows: [0, 1] }],
  ] as const)('%s with %j is refused', async (name, options) => {
    await expect((await open()).readFloat32(name, options)).rejects.toThrow(ArgumentError)
  })
})
