/**
 * The policy `int8`: the same bits everywhere, and weights whose bytes become codes.
 *
 * Mutations seen red: weights of 31 steps instead of 127 in the reference; a block of 8,192 columns in the reference; no
 * `low` term; codes at the end that are not zero; the upper half forgotten in the plain dot product; written weights not
 * noticed; `embed` not remembered; records not freed.
 */
import {
  ArgumentError,
  allocTensor,
  type Backend,
  readFloat32,
  rows,
  type Tensor,
  writeTensor,
} from '@octoscale/tensor'
import { type ConformanceCase, conformanceCases, findProblems, runCase } from '@octoscale/tensor/testing'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createReferenceBackend } from '../reference/backend.ts'
import { backendOf, createWasmBackend } from './index.ts'
import { start } from './start.ts'

const policy = 'int8'
const products = conformanceCases.filter(({ op }) => op === 'linear' || op === 'moe')

describe.each([
  ['2 threads', () => createWasmBackend({ policy, threads: 2 }), /relaxed SIMD; 2 threads/],
  ['plain SIMD', async () => backendOf(await start({ policy, threads: 1 }, false)), /SIMD; one thread/],
] as const)('%s', (_, create, detail) => {
  test('gives the bits of relaxed SIMD in one thread', async () => {
    const [one, other] = [await createWasmBackend({ policy, threads: 1 }), await create()]
    expect(one.info.detail).toMatch(/relaxed SIMD; one thread/)
    expect(other.info.detail).toMatch(detail)
    for (const each of products) {
      const { comparisons } = await runCase(each, one, other)
      for (const [output, { error }] of comparisons)
        expect([each.name, output, error]).toEqual([each.name, output, 0])
    }
    one.dispose()
    other.dispose()
  })
})

describe('generated shapes are what the reference says', () => {
  const reference = createReferenceBackend({ policy })
  let wasm: Backend
  beforeEach(async () => {
    wasm = await createWasmBackend({ policy, threads: 1 })
  })
  afterEach(() => wasm.dispose())
  const size = (max: number) => fc.integer({ min: 1, max })
  const seed = fc.nat({ max: 2 ** 31 - 1 })
  const block = fc.tuple(size(140), size(140))
  const fp8 = fc.record({
    format: fc.constantFrom('f8_e4m3' as const, 'f8_e5m2' as const),
    block,
    scales: fc.constantFrom('ue8m0' as const, 'f32' as const),
  })
  const weight = fc.oneof(fc.constantFrom('f32' as const, 'bf16' as const, 'f16' as const), fp8)
  const offset = fc.constantFrom(0, 4, 12)
  const holds = async (each: ConformanceCase) => {
    const tolerance = { bound: each.op === 'moe' ? 0.03 : 1e-3, reason: 'few elements, some of them small' }
    expect(findProblems(each, await runCase(each, reference, wasm), tolerance)).toEqual([])
  }
  test('linear', async () => {
    const sizes = { tokens: size(7), inputs: size(400), outputs: size(20) }
    const cases = fc.record({ seed, offset, ...sizes, weight })
    const run = fc.asyncProperty(cases, (numbers) =>
      holds({ op: 'linear', name: 'generated', x: 'normal', ...numbers }),
    )
    await fc.assert(run, { numRuns: 200 })
  })
  test('moe', async () => {
    const indices = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 })), { minLength: 1, maxLength: 5 })
    const sizes = { hidden: size(200), intermediate: size(200) }
    const cases = fc.record({ seed, offset, ...sizes, weight, indices })
    const run = fc.asyncProperty(cases, (numbers) =>
      holds({ op: 'moe', name: 'generated', experts: 3, ...numbers }),
    )
    await fc.assert(run, { numRuns: 60 })
  })
})

describe.each([1, 2])('weights, %i threads', (threads) => {
  let backend: Backend
  beforeEach(async () => {
    backend = await createWasmBackend({ policy, threads })
  })
  afterEach(() => backend.dispose())
  const make = (shape: readonly number[], value: (i: number) => number): Tensor => {
    const t = allocTensor(backend, 'f32', shape, 'made')
    writeTensor(
      backend,
      t,
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => value(i)),
    )
    return t
  }
  const product = async (weight: Tensor): Promise<number[]> => {
    const x = make([1, weight.shape[1]!], (i) => (i % 3) - 1)
    const out = make([1, weight.shape[0]!], () => 0)
    backend.ops.linear({ x, weight, out })
    return [...(await readFloat32(backend, out))]
  }

  test('new bytes make a new weight; a part of them is refused', async () => {
    const weight = make([8, 64], (i) => Math.sin(i))
    const first = await product(weight)
    writeTensor(
      backend,
      weight,
      Float32Array.from({ length: 512 }, (_, i) => -Math.sin(i)),
    )
    const negative = await product(weight)
    expect(negative).toEqual(first.map((value) => -value))
    expect(() => writeTensor(backend, rows(weight, 1, 1), new Float32Array(64))).toThrow(
      /write: buffer made must be all bytes of the weight at once.*int8/,
    )
    expect(await product(weight)).toEqual(negative)
  })

  test('a table that embed reads stays, and one that was recoded is refused', async () => {
    const table = make([8, 64], (i) => Math.sin(i))
    const ids = allocTensor(backend, 'i32', [1], 'ids')
    const out = make([1, 64], () => 0)
    const expected = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i))
    for (let i = 0; i < 2; i++) {
      backend.ops.embed({ ids, table, out })
      expect(await readFloat32(backend, out)).toEqual(expected)
      await product(table)
    }
    const other = make([8, 64], (i) => Math.sin(i))
    expect(await product(other)).toEqual(await product(table))
    expect(() => backend.ops.embed({ ids, table: other, out })).toThrow(ArgumentError)
    expect(() =>
      backend.ops.linear({ x: out, weight: rows(other, 2, 2), out: make([1, 2], () => 0) }),
    ).toThrow(/a tensor of its own/)
  })

  test('records, scales and copies of a weight go with its buffer', async () => {
    const started = await start({ policy, threads })
    const { heap } = started.runtime
    const own = backendOf(started)
    const cycle = async () => {
      const shape = [64, 64]
      const weight = allocTensor(own, 'f32', shape, 'weight')
      const [ids, out] = [allocTensor(own, 'i32', [1], 'ids'), allocTensor(own, 'f32', [1, 64], 'out')]
      const result = allocTensor(own, 'f32', [1, 64], 'result')
      const plain = allocTensor(own, 'bf16', shape, 'plain')
      own.ops.embed({ ids, table: weight, out })
      own.ops.linear({ x: out, weight, out: result })
      own.ops.linear({ x: out, weight: plain, out: result })
      await own.read(out.buffer)
      for (const { buffer } of [weight, plain, ids, out, result]) own.free(buffer)
      await own.read(own.alloc(0, 'nothing'))
    }
    await cycle()
    const before = [heap.usedBytes, heap.buffers]
    for (let i = 0; i < 20; i++) await cycle()
    expect([heap.usedBytes - 20 * 16, heap.buffers - 20]).toEqual(before)
    own.dispose()
  })

  test('a NaN in a vector or a weight is seen in the result', async () => {
    const weight = make([8, 256], (i) => (i === 300 ? Number.NaN : 1))
    const [clean, spoiled] = await product(weight)
    expect(clean).not.toBeNaN()
    expect(spoiled).toBeNaN()
    const x = make([1, 256], (i) => (i === 200 ? Number.NaN : i === 3 ? Infinity : 1))
    const out = make([1, 8], () => 0)
    backend.ops.linear({ x, weight, out })
    expect((await readFloat32(backend, out)).every(Number.isNaN)).toBe(true)
  })
})
