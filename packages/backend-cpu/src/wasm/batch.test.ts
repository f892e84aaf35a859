/**
 * What a token gets does not depend on who is computed with it, to the bit: every kind of weight, under every policy, with and
 * without relaxed SIMD.
 *
 * Mutations seen red: scales applied to each product where there are several tokens.
 */
import { f32ToBf16Array, f32ToF16Array, quantize, recipes } from '@octoscale/fp8-core'
import {
  allocTensor,
  type Backend,
  type Policy,
  readFloat32,
  rows,
  type Tensor,
  tensor,
  uploadTensor,
  uploadWeight,
  type Weight,
} from '@octoscale/tensor'
import { createRandom } from '@octoscale/tensor/testing'
import { describe, expect, test } from 'vitest'
import { backendOf } from './index.ts'
import { start } from './start.ts'

const random = createRandom(41)
type Shape = readonly [outputs: number, inputs: number]
type Make = (backend: Backend, shape: Shape) => Weight

const normals = ([outputs, inputs]: Shape): Float32Array => random.normals(outputs * inputs, 0.1)

/** Codes of all kinds, zeros and subnormals among them, but not NaN. */
function someE4m3(backend: Backend, shape: Shape, width: number): Weight {
  const data = Uint8Array.from({ length: shape[0] * shape[1] }, () => {
    const code = random.below(256)
    return (code & 0x7f) === 0x7f ? 0 : code
  })
  const scaleShape = [shape[0], Math.ceil(shape[1] / width)]
  const scales = random.normals(scaleShape[0]! * scaleShape[1]!, 1e-3)
  return {
    codes: uploadTensor(backend, { dtype: 'f8_e4m3', shape, data }, 'codes'),
    scales: uploadTensor(backend, { dtype: 'f32', shape: scaleShape, data: scales }, 'scales'),
    block: [1, width],
  }
}

function integers(backend: Backend, shape: Shape, width: 16 | 32, hasMinimums: boolean): Weight {
  const count = shape[0] * Math.ceil(shape[1] / width)
  const codes = Int8Array.from({ length: shape[0] * shape[1] }, () => random.below(256) - 128)
  const minimums = hasMinimums ? { minimums: random.normals(count, 1e-2) } : {}
  const block = [1, width] as const as readonly [1, 16] | readonly [1, 32]
  return uploadWeight(backend, { shape, block, codes, scales: random.normals(count, 1e-3), ...minimums }, 'w')
}

const kinds: Readonly<Record<string, Make>> = {
  f32: (backend, shape) => uploadTensor(backend, { dtype: 'f32', shape, data: normals(shape) }, 'w'),
  bf16: (backend, shape) =>
    uploadTensor(backend, { dtype: 'bf16', shape, data: f32ToBf16Array(normals(shape)) }, 'w'),
  f16: (backend, shape) =>
    uploadTensor(backend, { dtype: 'f16', shape, data: f32ToF16Array(normals(shape)) }, 'w'),
  'E4M3 in blocks of 128 x 128': (backend, shape) =>
    uploadWeight(backend, quantize(normals(shape), shape, recipes.deepseekWeightUe8m0), 'w'),
  'E4M3 of all codes in blocks of 32': (backend, shape) => someE4m3(backend, shape, 32),
  'E4M3 of all codes in blocks of 20': (backend, shape) => someE4m3(backend, shape, 20),
  'i8 in blocks of 32': (backend, shape) => integers(backend, shape, 32, false),
  'i8 in blocks of 16 with minimums': (backend, shape) => integers(backend, shape, 16, true),
}

const tokens = 7
const topK = 2

describe.each(['exact', 'fp8', 'int8'] as Policy[])('under %s', (policy) => {
  describe.each([
    ['relaxed', true],
    ['plain', false],
  ])('%s SIMD', (_, relaxed) => {
    const create = async (): Promise<Backend> => backendOf(await start({ policy, threads: 1 }, relaxed))

    test.each(Object.entries(kinds))('linear, %s', async (_, make) => {
      const backend = await create()
      for (const shape of [
        [21, 144],
        [9, 70],
        [4, 512],
      ] as Shape[]) {
        const weight = make(backend, shape)
        const x = uploadTensor(
          backend,
          { dtype: 'f32', shape: [tokens, shape[1]], data: random.normals(tokens * shape[1], 1) },
          'x',
        )
        const out = allocTensor(backend, 'f32', [tokens, shape[0]], 'out')
        const product = (first: number, count: number): Promise<Float32Array> => {
          const target = rows(out, 0, count)
          backend.ops.linear({ x: rows(x, first, count), weight, out: target })
          return readFloat32(backend, target)
        }
        const all = await product(0, tokens)
        for (let count = 1; count < tokens; count++) {
          for (let first = 0; first + count <= tokens; first++) {
            const expected = all.subarray(first * shape[0], (first + count) * shape[0])
            expect(await product(first, count), `${shape}: ${first}, ${count}`).toEqual(expected)
          }
        }
      }
      backend.dispose()
    })

    test.each(Object.entries(kinds))('moe, %s', async (_, make) => {
      const backend = await create()
      const [hidden, inner] = [80, 48]
      const experts = Array.from({ length: 4 }, () => ({
        gate: make(backend, [inner, hidden]),
        up: make(backend, [inner, hidden]),
        down: make(backend, [hidden, inner]),
      }))
      const x = uploadTensor(
        backend,
        { dtype: 'f32', shape: [tokens, hidden], data: random.normals(tokens * hidden, 1) },
        'x',
      )
      const choice = Int32Array.from({ length: tokens }, () => random.below(4))
      const data = Int32Array.from(
        { length: tokens * topK },
        (_, i) => ((choice[i >> 1] as number) + (i & 1)) % 4,
      )
      const indices = uploadTensor(backend, { dtype: 'i32', shape: [tokens, topK], data }, 'indices')
      const weights = uploadTensor(
        backend,
        { dtype: 'f32', shape: [tokens, topK], data: random.normals(tokens * topK, 1) },
        'weights',
      )
      const out = allocTensor(backend, 'f32', [tokens, hidden], 'out')
      const mixture = (first: number, count: number): Promise<Float32Array> => {
        const part = (t: Tensor): Tensor => rows(t, first, count)
        const target = tensor(out.buffer, 'f32', [count, hidden])
        backend.ops.moe({ x: part(x), indices: part(indices), weights: part(weights), experts, out: target })
        return readFloat32(backend, target)
      }
      const all = await mixture(0, tokens)
      for (let token = 0; token < tokens; token++) {
        expect(await mixture(token, 1), `${token}`).toEqual(
          all.subarray(token * hidden, (token + 1) * hidden),
        )
      }
      backend.dispose()
    })
  })
})
