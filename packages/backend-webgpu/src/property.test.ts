/** Generated shapes against the reference: sizes around vectors, tiles and blocks, and tensors that share buffers. */
import { createReferenceBackend } from '@octoscale/backend-cpu'
import { type Backend, type BufferHandle, numel, readFloat32, tensor } from '@octoscale/tensor'
import {
  type ConformanceCase,
  compare,
  createRandom,
  findProblems,
  runCase,
  type WeightKind,
} from '@octoscale/tensor/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWebgpuBackend } from './index.ts'
import { withGpu } from './testing/with-gpu.ts'

await withGpu(() => {
  let webgpu: Backend
  const reference = createReferenceBackend()
  beforeAll(async () => {
    webgpu = await createWebgpuBackend()
  })
  afterAll(() => {
    webgpu.dispose()
    reference.dispose()
  })

  const size = (max: number) => fc.integer({ min: 1, max })
  const seed = fc.nat({ max: 2 ** 31 - 1 })
  /** Multiples of every element's width. */
  const offset = fc.constantFrom(0, 4, 12)
  const block = fc.constantFrom([128, 128] as const, [16, 32] as const, [3, 5] as const)
  /** Few kinds: each is a shader of its own, which a software GPU compiles slowly. */
  const weight: fc.Arbitrary<WeightKind> = fc.oneof(
    fc.constant<WeightKind>('f16'),
    block.map((each) => ({ format: 'f8_e4m3', block: each, scales: 'f32' }) as const),
  )

  /** A skipped or doubled element is far above this in every case. */
  const tolerance = { bound: 1e-3, reason: 'outputs of a few elements can all be small by cancellation' }

  async function holds(each: ConformanceCase): Promise<void> {
    expect(findProblems(each, await runCase(each, reference, webgpu), tolerance)).toEqual([])
  }

  test('linear', async () => {
    const cases = fc.record({ seed, offset, weight, tokens: size(40), inputs: size(200), outputs: size(70) })
    const run = fc.asyncProperty(cases, (given) =>
      holds({ op: 'linear', name: 'generated', x: 'normal', ...given }),
    )
    await fc.assert(run, { numRuns: 12 })
  })

  test('latentAttention', async () => {
    const shape = { heads: size(4), nope: size(20), halfDim: size(6), v: size(20), rank: size(140) }
    const cases = fc.record({ seed, offset, weight, ...shape, capacity: size(150), tokens: size(6) })
    const run = fc.asyncProperty(cases, ({ tokens, ...given }) => {
      const random = createRandom(given.seed)
      const positions = Array.from({ length: tokens }, () => random.below(given.capacity))
      return holds({ op: 'latentAttention', name: 'generated', scale: 0.3, positions, ...given })
    })
    await fc.assert(run, { numRuns: 6 })
  })

  test('moe', async () => {
    const shape = {
      hidden: size(70),
      intermediate: size(70),
      experts: size(9),
      tokens: size(30),
      topK: size(3),
    }
    const cases = fc.record({ seed, offset, weight, ...shape })
    const run = fc.asyncProperty(cases, ({ tokens, topK, ...given }) => {
      const random = createRandom(given.seed)
      const chosen = () => Array.from({ length: topK }, () => random.below(given.experts))
      return holds({
        op: 'moe',
        name: 'generated',
        indices: Array.from({ length: tokens }, chosen),
        ...given,
      })
    })
    await fc.assert(run, { numRuns: 6 })
  })

  test('route', async () => {
    const cases = fc.record({
      ...{ seed, offset, tokens: size(5), hidden: size(40), normalize: fc.boolean() },
      gate: fc.constantFrom('f32' as const, 'bf16' as const),
      bias: fc.constantFrom('normal' as const, 'negative' as const, 'ties' as const, 'none' as const),
      scoring: fc.constantFrom('sigmoid' as const, 'softmax' as const),
      groupScore: fc.constantFrom('best-two' as const, 'best' as const),
      groups: size(5),
      perGroup: fc.integer({ min: 2, max: 30 }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    const run = fc.asyncProperty(cases, ({ perGroup, part, ...given }) => {
      const topGroups = 1 + Math.floor(part * (given.groups - 1))
      const topK = 1 + Math.floor(part * (topGroups * perGroup - 1))
      const sizes = { experts: given.groups * perGroup, topGroups, topK, scalingFactor: 2.5 }
      return holds({ op: 'route', name: 'generated', ...sizes, ...given })
    })
    await fc.assert(run, { numRuns: 15 })
  })

  test('attention, with and without pages', async () => {
    const cases = fc.record({
      ...{ seed, offset, kvHeads: size(3), headDim: size(40), valueDim: size(70), pageSize: size(9) },
      group: size(4),
      paged: fc.boolean(),
      positions: fc.array(fc.nat(26), { minLength: 1, maxLength: 4 }),
    })
    const run = fc.asyncProperty(cases, ({ group, paged, pageSize, ...given }) => {
      // Two sequences that take the pages of 81 rows in turns, from the end.
      const pages = [0, 1].map((s) =>
        Array.from(
          { length: 27 },
          (_, i) => Math.floor(81 / pageSize) - 1 - ((2 * i + s) % Math.floor(81 / pageSize)),
        ),
      )
      const sequences = given.positions.map((_, t) => t % 2)
      const paging = paged ? { paging: { pageSize, sequences, pages } } : {}
      const sizes = { heads: given.kvHeads * group, capacity: 81, scale: 0.4 }
      return holds({ op: 'attention', name: 'generated', ...sizes, ...given, ...paging })
    })
    await fc.assert(run, { numRuns: 12 })
  })

  /** Tensors one after the other in one buffer, at offsets that suit their elements and nothing else. */
  function arena(backend: Backend) {
    const random = createRandom(7)
    const buffer: BufferHandle = backend.alloc(200_000, 'arena')
    let end = 4
    const place = (dtype: 'f32' | 'i32' | 'f8_e4m3', shape: readonly number[], data: ArrayBufferView) => {
      const start = dtype === 'f8_e4m3' ? end + 1 : Math.ceil(end / 4) * 4
      backend.write(buffer, new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start)
      end = start + data.byteLength
      return tensor(buffer, dtype, shape, start)
    }
    return {
      f32: (...shape: number[]) => place('f32', shape, random.normals(numel(shape))),
      i32: (...values: number[]) => place('i32', [values.length], Int32Array.from(values)),
      fp8(rows: number, columns: number) {
        const codes = Uint8Array.from({ length: rows * columns }, () => random.below(120))
        const scales = Float32Array.from({ length: Math.ceil(rows / 4) }, () => random.uniform() / 64)
        return {
          codes: place('f8_e4m3', [rows, columns], codes),
          scales: place('f32', [scales.length, 1], scales),
          block: [4, 2 ** 40] as const,
        }
      },
    }
  }

  test('everything of an operation in one buffer, read and written', async () => {
    const run = async (backend: Backend): Promise<Float32Array[]> => {
      const { f32, i32, fp8 } = arena(backend)
      const { ops } = backend
      const [x, one, positions] = [f32(3, 10), f32(1, 10), i32(2, 0, 1)]
      const [residual, normed, product, sum] = [f32(3, 10), f32(3, 10), f32(3, 7), f32(3, 10)]
      const [last, vector] = [f32(1, 10), f32(1, 7)]
      const weight = fp8(7, 10)
      ops.rmsNorm({ x, residual, weight: { ...one, shape: [10] }, epsilon: 1e-6, out: normed })
      ops.linear({ x: normed, weight, out: product })
      ops.linear({ x: one, weight, out: vector })
      ops.selectRows({ x: normed, rows: i32(2), out: last })
      const experts = [1, 2].map(() => ({ gate: fp8(5, 10), up: fp8(5, 10), down: fp8(10, 5) }))
      const indices = { ...i32(1, 0, 0, 0, 1, 1), shape: [3, 2] }
      ops.moe({ x: normed, indices, weights: f32(3, 2), experts, out: sum })
      const table = f32(4, 2, 2)
      const [kv, cache, q, attended] = [f32(3, 9), f32(4, 9), f32(3, 2, 7), f32(3, 2, 2)]
      ops.writeLatent({ kv, weight: f32(5), epsilon: 1e-6, positions, table, cache })
      ops.rope({ pairs: 'halves', x: q, positions, table })
      ops.latentAttention({ q, kvB: fp8(2 * (3 + 2), 5), cache, positions, scale: 0.5, out: attended })
      const [k, v, keys, values] = [f32(3, 1, 7), f32(3, 1, 2), f32(4, 1, 7), f32(4, 1, 2)]
      const grouped = f32(3, 2, 2)
      const paging = { sequences: i32(0, 0, 0), pages: { ...i32(1, 0), shape: [1, 2] }, pageSize: 2 }
      ops.writeKv({ k, v, positions, keys, values, paging })
      ops.attention({ q, keys, values, positions, scale: 0.5, out: grouped, paging })
      const both = f32(3, 17)
      ops.concat({ a: normed, b: product, out: both })
      const outputs = [residual, normed, product, vector, last, sum, cache, q, attended, grouped, both]
      return Promise.all(outputs.map((output) => readFloat32(backend, output)))
    }
    const [expected, got] = [await run(reference), await run(webgpu)]
    expected.forEach((values, i) => {
      const { error } = compare(values, got[i]!, [values.length])
      expect(error, `output ${i}`).toBeLessThanOrEqual(2e-5)
    })
  })
})
