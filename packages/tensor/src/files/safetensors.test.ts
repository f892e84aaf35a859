/** Reading against what torch says that Python's files hold (`tooling/fixtures/safetensors`). */
import { describe, expect, test } from 'vitest'
import { fileSource } from '../node.ts'
import type { ByteSource } from './byte-source.ts'
import { openSafetensors } from './safetensors.ts'
import { safetensorsDTypes } from './safetensors-dtypes.ts'
import { expected, fileWith, goldenFolder, hexOf } from './test-files.ts'

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
  test.each(floats)('values of %j', async (name, { f32 }) => {
    const values = await file.readFloat32(name)
    const bits = Buffer.from(f32 as string, 'hex')
    const wanted = new Float32Array(bits.buffer.slice(bits.byteOffset, bits.byteOffset + bits.byteLength))
    // Object.is: NaN equals NaN whatever its payload, -0 is not 0.
    expect(values).toHaveLength(wanted.length)
    expect(wanted.findIndex((value, i) => !Object.is(value, values[i]))).toBe(-1)
  })

  test('integers have no float values', async () => {
    await expect(file.readFloat32('i32')).rejects.toThrow(/dtype "I32" has no float values/)
  })

  test('the table of dtypes covers the file', () => {
    const inFile = new Set(Object.values(expected.tensors).map(({ dtype }) => dtype))
    for (const dtype of inFile) expect(safetensorsDTypes).toHaveProperty(dtype)
    expect(inFile.size).toBeGreaterThanOrEqual(17)
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

  test('named like a property of every object', async () => {
    const header = '{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'
    const odd = await openSafetensors(fileWith(header, 1))
    expect(odd.names).toEqual(['__proto__'])
    expect(await odd.read('__proto__')).toEqual(Uint8Array.of(0))
    expect(odd.has('constructor')).toBe(false)
  })
})
