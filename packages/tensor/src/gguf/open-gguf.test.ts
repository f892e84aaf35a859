/**
 * Files written by the Python library: what it says they hold.
 *
 * Mutations seen red: a code, scale, offset or bit plane of Q4_0, Q8_0, Q3_K, Q4_K or Q6_K taken wrongly, shape not
 * reversed, 64-bit values rounded, byte order marks dropped, pairs of UTF-16 counted as one, rows not times columns or
 * not limited, a longer array accepted, the given array copied, an unknown type not ended by the next tensor, header
 * ranges that do not grow, only the first part of a large tensor decoded, each part written to the beginning.
 */
import { expect, test } from 'vitest'
import { ArgumentError, FormatError } from '../errors.ts'
import { type ByteSource, bytesSource } from '../files/byte-source.ts'
import type { GgufValue } from './metadata.ts'
import { type GgufFile, openGguf } from './open-gguf.ts'
import { bitsOf, expected, fileOf, golden, info, sha256, str } from './test-files.ts'

const tensorsFile = golden('tensors.gguf')
const open = (): Promise<GgufFile> => openGguf(tensorsFile)

/** As the golden data writes values: integers are strings. */
function text(value: GgufValue, type: string): unknown {
  if (typeof value === 'object') return Array.from(value as Iterable<GgufValue>, (each) => text(each, type))
  return /INT/.test(type) ? `${value}` : value
}

test.each(['metadata.gguf', 'metadata-v2.gguf'])('%s: values of every type', async (name) => {
  const file = await openGguf(golden(name))
  expect(file.format).toBe('gguf')
  expect(file.version).toBe(name === 'metadata.gguf' ? 3 : 2)
  expect(file.alignment).toBe(64)
  for (const [key, type, value] of [...expected.pairs, ...expected.arrays]) {
    expect(text(file.metadata.get(key)!, type), key).toEqual(value)
  }
  // The library adds the architecture.
  const keys = [...expected.pairs, ...expected.arrays].map(([key]) => key)
  expect([...file.metadata.keys()]).toEqual([
    'general.architecture',
    ...keys,
    'nested',
    'nested twice',
    'general.alignment',
  ])
  expect(file.metadata.get('nested')).toEqual([Int32Array.of(1, 2), Int32Array.of(3)])
  expect(file.metadata.get('nested twice')).toEqual([[['a'], ['b', 'c']], [['d']]])
  expect(await file.readFloat32('one')).toEqual(Float32Array.of(1, 2, 3))
  expect(await file.readFloat32('two')).toEqual(Float32Array.of(4, 5))
  expect((await file.info('two')).offset % 64).toBe(0)
})

test('64-bit integers are numbers exactly where numbers are exact; arrays are typed arrays', async () => {
  const { metadata } = await openGguf(golden('metadata.gguf'))
  expect(metadata.get('u64 safe')).toBe(2 ** 53 - 1)
  expect(metadata.get('u64 unsafe')).toBe(2n ** 53n)
  expect(metadata.get('i64 small')).toBe(-42)
  expect(metadata.get('i64 min')).toBe(-(2n ** 63n))
  expect(metadata.get('array UINT64')).toEqual(BigUint64Array.of(2n ** 64n - 1n, 1n))
  expect(metadata.get('array UINT8')).toEqual(Uint8Array.of(0, 255))
  expect(metadata.get('array FLOAT32')).toBeInstanceOf(Float32Array)
})

test('big-endian files are refused as such', async () => {
  await expect(openGguf(golden('big-endian.gguf'))).rejects.toThrow(/big-endian \(version 3\)/)
})

test('names and order are those of the file', async () => {
  const file = await open()
  expect(file.names).toEqual(Object.keys(expected.tensors))
  expect(file.has('F32')).toBe(true)
  expect(file.has('toString')).toBe(false)
  await expect(file.read('no such')).rejects.toThrow(/tensor "no such": is not among the 42 tensors/)
})

test.each(Object.entries(expected.tensors))('%s: type, shape, bytes and floats', async (name, facts) => {
  const file = await open()
  const { dtype, shape, bytes } = await file.info(name)
  expect({ dtype, shape }).toEqual({ dtype: facts.dtype, shape: facts.shape })
  const stored = await file.read(name)
  expect(stored.byteLength).toBe(bytes)
  expect(sha256(stored)).toBe(facts.bytes)
  const elements = await file.readElements(name)
  expect(sha256(elements)).toBe(facts.bytes)
  expect(elements.length * elements.BYTES_PER_ELEMENT).toBe(bytes)
  if (facts.f32 === undefined) {
    const refused = expect(file.readFloat32(name)).rejects
    await refused.toThrow(FormatError)
    await refused.toThrow(new RegExp(`${dtype} cannot be read as floats; readable: F32, F16, Q4_0, .*NVFP4$`))
    return
  }
  const values = await file.readFloat32(name)
  expect(values.length).toBe(shape.reduce((product, size) => product * size, 1))
  const bits = bitsOf(values)
  expect(Array.from(bits.subarray(0, 4), (each) => each.toString(16).padStart(8, '0'))).toEqual(facts.first)
  expect(sha256(bits)).toBe(facts.f32)
})

test('elements come in their typed arrays, blocks as bytes', async () => {
  const file = await open()
  expect(await file.readElements('I64')).toEqual(
    BigInt64Array.of(0n, 1n, 2n ** 63n - 1n, -1n, 42n, -(2n ** 63n)),
  )
  expect(await file.readElements('I8')).toEqual(Int8Array.of(0, 1, 127, -1, 42, -128))
  expect(await file.readElements('F16')).toBeInstanceOf(Uint16Array)
  expect(await file.readElements('F64')).toBeInstanceOf(Float64Array)
  expect(await file.readElements('Q4_0 quantized')).toBeInstanceOf(Uint8Array)
  expect(await file.readElements('IQ4_XS opaque')).toBeInstanceOf(Uint8Array)
})

test.each(Object.keys(expected.tensors).filter((name) => expected.tensors[name]!.f32 !== undefined))(
  '%s: rows are a part of the whole, into the array given',
  async (name) => {
    const file = await open()
    const { shape } = await file.info(name)
    const whole = bitsOf(await file.readFloat32(name))
    const columns = shape.at(-1)!
    const rows = whole.length / columns
    for (const [from, to] of [
      [0, rows],
      [rows - 1, rows],
      [0, 1],
      [1, rows],
      [rows, rows],
    ] as const) {
      if (from > to) continue
      const part = await file.readFloat32(name, { rows: [from, to] })
      expect(bitsOf(part), `${from} .. ${to}`).toEqual(whole.slice(from * columns, to * columns))
    }
    const room = new Float32Array(columns + 2).fill(9)
    const out = room.subarray(1, columns + 1)
    expect(await file.readFloat32(name, { rows: [rows - 1, rows], out })).toBe(out)
    expect(bitsOf(out)).toEqual(whole.slice((rows - 1) * columns))
    expect([room[0], room.at(-1)]).toEqual([9, 9])
  },
)

test('rows are counted through all dimensions but the last', async () => {
  const file = await open()
  // Values 0 .. 119 of shape [2, 3, 4, 5].
  expect(await file.readFloat32('four dimensions', { rows: [13, 14] })).toEqual(
    Float32Array.of(65, 66, 67, 68, 69),
  )
})

test.each([
  [-1, 1],
  [0, 7],
  [2, 1],
  [0.5, 1],
  [Number.NaN, 1],
  [0, Number.POSITIVE_INFINITY],
] as const)('rows %d .. %d are refused', async (...rows) => {
  const refused = expect((await open()).readFloat32('Q4_0 quantized', { rows })).rejects
  await refused.toThrow(ArgumentError)
  await refused.toThrow(/rows must be two integers, from <= to, in 0 \.\. 6, got \[/)
})

test('an array of another length is refused', async () => {
  const file = await open()
  for (const length of [127, 129]) {
    const refused = expect(
      file.readFloat32('Q4_0 quantized', { rows: [1, 2], out: new Float32Array(length) }),
    ).rejects
    await refused.toThrow(ArgumentError)
    await refused.toThrow(/out must be 128 long for these rows of "Q4_0 quantized", got 12/)
  }
})

test('parts of the bytes', async () => {
  const file = await open()
  const whole = await file.read('Q6_K random')
  const into = new Uint8Array(100)
  await file.readInto('Q6_K random', 33, into)
  expect(into).toEqual(whole.slice(33, 133))
  await expect(file.readInto('Q6_K random', whole.length - 99, into)).rejects.toThrow(ArgumentError)
  await expect(file.readInto('Q6_K random', -1, into)).rejects.toThrow(ArgumentError)
})

test('a Blob, an ArrayBuffer and a URL are read by ranges alike', async () => {
  const url = `data:application/octet-stream;base64,${Buffer.from(tensorsFile).toString('base64')}`
  for (const location of [new Blob([tensorsFile as BlobPart]), tensorsFile.buffer as ArrayBuffer, url]) {
    const file = await openGguf(location)
    expect(sha256(bitsOf(await file.readFloat32('Q5_K random')))).toBe(expected.tensors['Q5_K random']!.f32)
  }
})

test('elements of a source whose bytes lie anywhere', async () => {
  const shifted = new Uint8Array(tensorsFile.length + 3)
  shifted.set(tensorsFile, 3)
  const source: ByteSource = {
    name: 'shifted',
    size: async () => tensorsFile.length,
    read: async (offset, length) => shifted.subarray(3 + offset, 3 + offset + length),
  }
  const file = await openGguf(source)
  expect(sha256(await file.readElements('F64'))).toBe(expected.tensors.F64!.bytes)
  for (const name of ['F64', 'F16', 'BF16', 'F32', 'Q8_0 quantized']) {
    expect(sha256(bitsOf(await file.readFloat32(name))), name).toBe(expected.tensors[name]!.f32)
  }
})

test('a type that is not known is listed, with what lies before the next tensor, but not read', async () => {
  const tensors = [info('new', [64n, 2n], 99, 0n), info('f', [3n], 0, 64n), info('Q8_1', [32n], 9, 96n)]
  const file = await openGguf(bytesSource('f.gguf', fileOf({ tensors, data: 140 })))
  expect(await file.info('new')).toEqual({
    name: 'new',
    dtype: 'type 99',
    shape: [2, 64],
    offset: (await file.info('f')).offset - 64,
    bytes: 64,
  })
  expect(await file.info('Q8_1')).toMatchObject({ dtype: 'type 9', bytes: 44 })
  for (const read of [
    file.read('new'),
    file.readInto('new', 0, new Uint8Array(1)),
    file.readElements('new'),
    file.readFloat32('new'),
  ]) {
    await expect(read).rejects.toThrow('f.gguf: tensor "new": has ggml\'s type 99, which is unknown here')
  }
  expect(await file.readFloat32('f')).toEqual(new Float32Array(3))
})

test('files without tensors, pairs or padding; empty tensors and scalars', async () => {
  const empty = await openGguf(fileOf({}))
  expect([empty.names, empty.metadata.size, empty.alignment]).toEqual([[], 0, 32])
  const tensors = [
    info('none', [32n, 0n], 2, 0n),
    info('scalar', [], 0, 0n),
    info('', [0n], 99, 32n),
    info('none too', [0n, 5n], 0, 0n),
  ]
  const file = await openGguf(fileOf({ tensors, data: 32 }))
  expect(await file.info('none')).toMatchObject({ shape: [0, 32], bytes: 0 })
  expect(await file.readFloat32('none')).toEqual(new Float32Array(0))
  expect(await file.readFloat32('none', { rows: [0, 0] })).toEqual(new Float32Array(0))
  expect(await file.info('scalar')).toMatchObject({ shape: [], bytes: 4 })
  expect(await file.readFloat32('scalar', { rows: [0, 1] })).toEqual(Float32Array.of(0))
  expect(await file.info('')).toMatchObject({ bytes: 0 })
  expect(await file.readFloat32('none too')).toEqual(new Float32Array(0))
})

test('the header is read by growing ranges, and nothing of the data', async () => {
  const words = Array.from({ length: 40_000 }, (_, i) => `word${i}`)
  const strings = words.map(str)
  const pairs = [[str('a.tokens'), [9, 0, 0, 0], [8, 0, 0, 0], BigInt(words.length), ...strings]]
  const file = fileOf({ pairs, tensors: [info('t', [2_000_000n], 0, 0n)], data: 8_000_000 })
  const reads: [number, number][] = []
  const source: ByteSource = {
    name: 'recorded',
    size: async () => file.length,
    async read(offset, length) {
      reads.push([offset, length])
      return file.slice(offset, offset + length)
    },
  }
  const { metadata } = await openGguf(source)
  expect(metadata.get('a.tokens')).toEqual(words)
  const header = file.length - 8_000_000
  expect(header).toBeGreaterThan(600_000)
  // Each range begins where the one before ended; at most four times the header is read.
  let end = 0
  for (const [offset, length] of reads) {
    expect(offset).toBe(end)
    end += length
  }
  expect(reads.length).toBeLessThanOrEqual(3)
  expect(end).toBeLessThan(4 * header)
})

test('a tensor larger than the parts in which it is read', async () => {
  // 17 MiB; rounded to F32, value i is i.
  const count = 2_228_224
  const file = await openGguf(doubles(count))
  const whole = await file.readFloat32('t')
  expect(whole.length).toBe(count)
  expect(whole.findIndex((value, i) => value !== i)).toBe(-1)
  const rows = await file.readFloat32('t', { rows: [2, 2176] })
  expect(rows.findIndex((value, i) => value !== i + 2048)).toBe(-1)
})

/** F64 numbers 0, 1, 2 .. in rows of 1024. */
function doubles(count: number): Uint8Array {
  const tensors = [info('t', [1024n, BigInt(count / 1024)], 28, 0n)]
  const file = fileOf({ tensors, data: count * 8 })
  const values = Float64Array.from({ length: count }, (_, i) => i)
  file.set(new Uint8Array(values.buffer), file.length - count * 8)
  return file
}

test('an empty tensor takes no place: it may lie inside another', async () => {
  const tensors = [info('a', [16n], 0, 0n), info('empty', [0n, 3n], 0, 32n)]
  const file = await openGguf(fileOf({ tensors, data: 64 }))
  expect(await file.info('empty')).toMatchObject({ shape: [3, 0], bytes: 0 })
  expect(await file.readFloat32('empty')).toHaveLength(0)
  expect(await file.readFloat32('a')).toHaveLength(16)
})
