import { type BlockRecipe, quantize, recipes } from '@octoscale/fp8-core'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Memory } from './backend.ts'
import { ArgumentError, DTypeError, ShapeError } from './errors.ts'
import { decodeFloats } from './floats.ts'
import type { BufferHandle } from './tensor.ts'
import { isBlockScaled } from './tensor.ts'
import { allocTensor, readFloat32, readInt32, uploadTensor, uploadWeight, writeTensor } from './transfer.ts'
import { rows } from './views.ts'

/** Memory in a map; reads answer with a view at an odd offset, as a backend may. */
function plainMemory(): Memory {
  const data = new Map<BufferHandle, Uint8Array>()
  return {
    alloc(bytes, label) {
      const buffer = { bytes, label }
      data.set(buffer, new Uint8Array(bytes))
      return buffer
    },
    write: (buffer, bytes, offset = 0) => data.get(buffer)!.set(bytes, offset),
    async read(buffer, offset = 0, bytes = buffer.bytes - offset) {
      const padded = new Uint8Array(bytes + 1)
      padded.set(data.get(buffer)!.subarray(offset, offset + bytes), 1)
      return padded.subarray(1)
    },
    free: (buffer) => void data.delete(buffer),
    dispose: () => data.clear(),
  }
}

let memory: Memory
beforeEach(() => {
  memory = plainMemory()
})

test('f32 and i32 there and back', async () => {
  const floats = allocTensor(memory, 'f32', [2, 2], 'floats')
  expect([...(await readFloat32(memory, floats))]).toEqual([0, 0, 0, 0])
  writeTensor(memory, floats, Float32Array.of(1, 2, 3, 4))
  writeTensor(memory, rows(floats, 1, 1), Float32Array.of(5, 6))
  expect([...(await readFloat32(memory, floats))]).toEqual([1, 2, 5, 6])
  expect([...(await readFloat32(memory, rows(floats, 1, 1)))]).toEqual([5, 6])
  const integers = allocTensor(memory, 'i32', [2], 'integers')
  writeTensor(memory, integers, Int32Array.of(-1, 7))
  expect([...(await readInt32(memory, integers))]).toEqual([-1, 7])
})

describe('refused', () => {
  test('data of another type or length', () => {
    const t = allocTensor(memory, 'f32', [2], 'pair')
    expect(() => writeTensor(memory, t, Int32Array.of(1, 2))).toThrow(DTypeError)
    expect(() => writeTensor(memory, t, Uint16Array.of(1, 2, 3, 4))).toThrow(DTypeError)
    expect(() => writeTensor(memory, t, Float32Array.of(1))).toThrow(
      'data for pair must be 8 bytes (f32 [2]), got 4',
    )
    expect(() => writeTensor(memory, t, new Uint8Array(9))).toThrow(ArgumentError)
  })

  test('reading as another dtype', async () => {
    const t = allocTensor(memory, 'bf16', [2], 'halves')
    await expect(readFloat32(memory, t)).rejects.toThrow('halves must be f32, got bf16')
    await expect(readInt32(memory, t)).rejects.toThrow(DTypeError)
  })

  test.each([[[-1]], [[-2, -3]], [[1.5]], [[Number.NaN]]])('a tensor of shape %j', (shape) => {
    expect(() => allocTensor(memory, 'f32', shape, 'bad')).toThrow(ShapeError)
  })
})

test('a dense weight', async () => {
  const weight = uploadWeight(
    memory,
    { dtype: 'bf16', shape: [2], data: Uint8Array.of(0x80, 0x3f, 0, 0xc0) },
    'w',
  )
  if (isBlockScaled(weight)) throw new TypeError('must be dense')
  expect([...decodeFloats('bf16', await memory.read(weight.buffer))]).toEqual([1, -2])
})

test('integer codes, with and without minimums', async () => {
  const host = {
    shape: [2, 40],
    block: [1, 32],
    codes: Int8Array.from({ length: 80 }, (_, i) => i - 40),
    scales: Float32Array.of(1, 2, 3, 4),
  } as const
  const plain = uploadWeight(memory, host, 'w')
  const full = uploadWeight(memory, { ...host, minimums: Float32Array.of(5, 6, 7, 8) }, 'w')
  if (!isBlockScaled(plain) || !isBlockScaled(full)) throw new TypeError('must be block-scaled')
  expect(plain).not.toHaveProperty('minimums')
  expect(full.block).toEqual([1, 32])
  expect(full.codes).toMatchObject({ dtype: 'i8', shape: [2, 40] })
  expect(new Int8Array(await memory.read(full.codes.buffer))).toEqual(host.codes)
  expect([...(await readFloat32(memory, full.scales))]).toEqual([1, 2, 3, 4])
  expect([...(await readFloat32(memory, full.minimums!))]).toEqual([5, 6, 7, 8])
  expect(full.minimums!.shape).toEqual([2, 2])
  for (const wrong of [
    { ...host, codes: new Int8Array(79) },
    { ...host, scales: new Float32Array(3) },
    { ...host, minimums: new Float32Array(5) },
  ]) {
    expect(() => uploadWeight(memory, wrong, 'w')).toThrow(ArgumentError)
  }
  expect(() => writeTensor(memory, allocTensor(memory, 'u8', [2], 'bytes'), Int8Array.of(1, 2))).toThrow(
    DTypeError,
  )
})

test('a block-scaled weight', async () => {
  const values = Float32Array.from({ length: 130 * 3 }, (_, i) => Math.sin(i))
  const host = quantize(values, [3, 130], recipes.deepseekWeightUe8m0)
  const weight = uploadWeight(memory, host, 'w')
  if (!isBlockScaled(weight)) throw new TypeError('must be block-scaled')
  expect(weight.block).toEqual([128, 128])
  expect(weight.codes).toMatchObject({ dtype: 'f8_e4m3', shape: [3, 130] })
  expect(await memory.read(weight.codes.buffer)).toEqual(host.codes)
  expect(weight.scales).toMatchObject({ dtype: 'f32', shape: [1, 2] })
  expect(await readFloat32(memory, weight.scales)).toEqual(host.scales)
  expect(weight.scales.buffer.label).toBe('w scales')
})

test('refuses block scaling that no backend multiplies with, before anything is allocated', () => {
  memory.alloc = () => expect.unreachable('nothing may be allocated')
  const values = Float32Array.from({ length: 64 }, (_, i) => i)
  const upload = (recipe: BlockRecipe) => () => uploadWeight(memory, quantize(values, [2, 32], recipe), 'w')
  expect(upload(recipes.mxfp4)).toThrow(DTypeError)
  expect(upload(recipes.hif8Block)).toThrow(DTypeError)
  expect(upload(recipes.rowE4m3)).toThrow('recipe of w must be a recipe with finite blocks')
  expect(upload(recipes.tensorE4m3)).toThrow(ArgumentError)
  const global = { scale: 'e4m3', selection: 'nearest', globalScale: true } as const
  expect(upload({ ...recipes.mxfp8E4m3, ...global })).toThrow(ArgumentError)
})

test('a host tensor whose bytes do not fit its shape', () => {
  memory.alloc = () => expect.unreachable('nothing may be allocated')
  const host = { dtype: 'f32', shape: [3], data: new Uint8Array(8) } as const
  expect(() => uploadTensor(memory, host, 'short')).toThrow('data for short must be 12 bytes')
  const weight = quantize(new Float32Array(390), [3, 130], recipes.deepseekWeight)
  const fewScales = { ...weight, scales: weight.scales.slice(1) }
  expect(() => uploadWeight(memory, fewScales, 'w')).toThrow(
    'data for w scales must be 8 bytes (f32 [1, 2]), got 4',
  )
})

describe('decodeFloats', () => {
  test('at any alignment', () => {
    const bytes = Uint8Array.of(9, 0, 0, 0x80, 0x3f)
    expect([...decodeFloats('f32', bytes.subarray(1))]).toEqual([1])
    expect([...decodeFloats('f16', Uint8Array.of(9, 0, 0x3c).subarray(1))]).toEqual([1])
    expect([...decodeFloats('bf16', Buffer.from([9, 0x80, 0x3f]).subarray(1))]).toEqual([1])
  })

  test('not of codes, not of half elements', () => {
    expect(() => decodeFloats('f8_e4m3', new Uint8Array(2))).toThrow(DTypeError)
    expect(() => decodeFloats('bf16', new Uint8Array(3))).toThrow(ArgumentError)
    expect(() => decodeFloats('f32', new Uint8Array(6))).toThrow(ArgumentError)
  })
})
