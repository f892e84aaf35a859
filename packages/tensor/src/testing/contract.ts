/** Tests of the promises on `Backend` that no single operation shows: order, ownership, memory, errors. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Backend } from '../backend.ts'
import { ArgumentError, IndexError, ShapeError } from '../errors.ts'
import type { Tensor } from '../tensor.ts'
import { allocTensor, readFloat32, readInt32, writeTensor } from '../transfer.ts'
import { indexedOps } from './indexed-ops.ts'

export function describeContract(under: { name: string; create(): Promise<Backend> | Backend }): void {
  describe(`${under.name}: contract`, () => {
    let backend: Backend
    let created: Backend | undefined
    beforeAll(async () => {
      backend = await under.create()
      created = backend
    })
    afterAll(() => created?.dispose())

    const f32 = (...values: number[]): Tensor => {
      const made = allocTensor(backend, 'f32', [values.length], 'test')
      writeTensor(backend, made, Float32Array.from(values))
      return made
    }

    test('memory is zero when allocated, also after other data was freed', async () => {
      for (let i = 0; i < 3; i++) {
        const buffer = backend.alloc(4096, 'zeros')
        expect((await backend.read(buffer)).every((byte) => byte === 0)).toBe(true)
        backend.write(buffer, new Uint8Array(4096).fill(255))
        backend.free(buffer)
      }
    })

    test('a buffer says its size and label; an empty one can be read', async () => {
      const buffer = backend.alloc(0, 'nothing')
      expect(buffer).toMatchObject({ bytes: 0, label: 'nothing' })
      expect(await backend.read(buffer)).toHaveLength(0)
      expect(backend.alloc(13, 'odd').bytes).toBe(13)
    })

    test('writes and reads by byte ranges, at any offset', async () => {
      const buffer = backend.alloc(11, 'bytes')
      backend.write(buffer, Uint8Array.of(1, 2, 3), 5)
      expect([...(await backend.read(buffer))]).toEqual([0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 0])
      expect([...(await backend.read(buffer, 6))]).toEqual([2, 3, 0, 0, 0])
      expect([...(await backend.read(buffer, 6, 1))]).toEqual([2])
      expect(await backend.read(buffer, 11, 0)).toHaveLength(0)
    })

    test('write takes the data at the call, read gives a copy', async () => {
      const buffer = backend.alloc(4, 'copies')
      const data = Uint8Array.of(1, 2, 3, 4)
      backend.write(buffer, data)
      data.fill(9)
      const first = await backend.read(buffer)
      expect([...first]).toEqual([1, 2, 3, 4])
      first.fill(7)
      expect([...(await backend.read(buffer))]).toEqual([1, 2, 3, 4])
    })

    test('operations, writes and reads take effect in the order of the calls', async () => {
      const [a, b, sum] = [f32(1, 2), f32(10, 20), f32(0, 0)]
      backend.ops.add({ a, b, out: sum })
      const early = readFloat32(backend, sum)
      writeTensor(backend, a, Float32Array.of(100, 200))
      backend.ops.add({ a, b, out: sum })
      writeTensor(backend, b, Float32Array.of(0, 0))
      backend.ops.add({ a: sum, b, out: b })
      const late = readFloat32(backend, b)
      expect([...(await early)]).toEqual([11, 22])
      expect([...(await late)]).toEqual([110, 220])
    })

    test('many operations without a read in between', async () => {
      const [total, one] = [f32(0, 0, 0), f32(1, 2, 3)]
      for (let i = 0; i < 2000; i++) backend.ops.add({ a: total, b: one, out: total })
      expect([...(await readFloat32(backend, total))]).toEqual([2000, 4000, 6000])
    })

    test('arguments are checked', async () => {
      const [a, b] = [f32(1, 2), f32(1, 2, 3)]
      expect(() => backend.ops.add({ a, b, out: a })).toThrow(ShapeError)
      expect(() => backend.write(a.buffer, new Uint8Array(9))).toThrow(ArgumentError)
      await expect(backend.read(a.buffer, 1, 8)).rejects.toThrow(ArgumentError)
    })

    test('a freed buffer is refused everywhere', async () => {
      const [freed, other] = [f32(1, 2), f32(3, 4)]
      backend.free(freed.buffer)
      await expect(backend.read(freed.buffer)).rejects.toThrow(ArgumentError)
      expect(() => backend.write(freed.buffer, new Uint8Array(1))).toThrow(ArgumentError)
      expect(() => backend.free(freed.buffer)).toThrow(ArgumentError)
      expect(() => backend.ops.add({ a: freed, b: other, out: other })).toThrow(ArgumentError)
      expect(() => backend.ops.add({ a: other, b: other, out: freed })).toThrow(ArgumentError)
      expect([...(await readFloat32(backend, other))]).toEqual([3, 4])
    })

    test('dispose can be called twice, and nothing works afterwards', async () => {
      const own = await under.create()
      const { buffer } = allocTensor(own, 'f32', [2], 'kept')
      own.dispose()
      own.dispose()
      expect(() => own.alloc(4, 'late')).toThrow(ArgumentError)
      expect(() => own.write(buffer, new Uint8Array(1))).toThrow(ArgumentError)
      await expect(own.read(buffer)).rejects.toThrow(ArgumentError)
    })

    for (const { name, limit, run } of indexedOps) {
      test.each([-1, limit, 2 ** 31 - 1])(`${name}: index %i of ${limit} is an IndexError`, async (index) => {
        const outcome = async () => {
          run(backend, index)
          await backend.read(f32(0).buffer)
        }
        const error = await outcome().then(
          () => undefined,
          (thrown: unknown) => thrown,
        )
        expect(error).toBeInstanceOf(IndexError)
        expect(error).toMatchObject({ op: name, index, limit })
        // Reported once, and the backend goes on.
        const [a, b] = [f32(1), f32(2)]
        backend.ops.add({ a, b, out: a })
        expect([...(await readFloat32(backend, a))]).toEqual([3])
      })
    }

    test('a batch without tokens is no work', async () => {
      const empty = allocTensor(backend, 'f32', [0, 2], 'empty')
      const [residual, weight] = [allocTensor(backend, 'f32', [0, 2], 'empty'), f32(1, 2)]
      backend.ops.rmsNorm({ x: empty, residual, weight, epsilon: 1e-6, out: empty })
      const square = allocTensor(backend, 'f32', [2, 2], 'weight')
      backend.ops.linear({ x: empty, weight: square, out: allocTensor(backend, 'f32', [0, 2], 'out') })
      backend.ops.add({ a: empty, b: weight, out: empty })
      expect(await readFloat32(backend, empty)).toHaveLength(0)
    })

    describe('pages of a shared cache', () => {
      const zeros = (shape: number[], dtype: 'f32' | 'i32' = 'f32') =>
        allocTensor(backend, dtype, shape, 'zeros')
      /** Two tokens at positions 1 and 5 of the only sequence, in pages of 4 rows, with 12 rows in all. */
      const run = async (changed: { sequence?: number; page?: number; position?: number }) => {
        const two = (first: number, second: number) => {
          const made = zeros([2], 'i32')
          writeTensor(backend, made, Int32Array.of(first, second))
          return made
        }
        const pages = zeros([1, 2], 'i32')
        writeTensor(backend, pages, Int32Array.of(2, changed.page ?? 0))
        const paging = { sequences: two(0, changed.sequence ?? 0), pages, pageSize: 4 }
        const positions = two(1, changed.position ?? 5)
        const keys = zeros([12, 1, 4])
        const values = zeros([12, 1, 4])
        const k = zeros([2, 1, 4])
        backend.ops.writeKv({ k, v: k, positions, keys, values, paging })
        backend.ops.attention({ q: k, keys, values, positions, scale: 1, out: zeros([2, 1, 4]), paging })
        await backend.read(k.buffer)
      }
      test('are read where the table says', async () => {
        await expect(run({})).resolves.toBeUndefined()
      })
      test('may have a table for more positions than 32 bits count', async () => {
        const pageSize = 2 ** 16
        const [cache, k] = [zeros([pageSize, 1, 1]), f32(3)]
        const [positions, row] = [zeros([1], 'i32'), { ...k, shape: [1, 1, 1] }]
        const paging = { sequences: positions, pages: zeros([1, 2 ** 16], 'i32'), pageSize }
        const values = zeros([pageSize, 1, 1])
        backend.ops.writeKv({ k: row, v: row, positions, keys: cache, values, paging })
        expect([...(await backend.read(cache.buffer, 0, 4))]).toEqual([0, 0, 0x40, 0x40])
      })
      test.each([
        ['paging.sequences', 1, { sequence: 1 }],
        ['paging.sequences', 1, { sequence: -1 }],
        ['paging.pages', 3, { page: 3 }],
        ['paging.pages', 3, { page: -1 }],
        ['positions', 8, { position: 8 }],
      ] as const)(
        'an entry of %s outside of 0 .. %i - 1 is an IndexError: %j',
        async (tensor, limit, change) => {
          const error = await run(change).then(
            () => undefined,
            (thrown: unknown) => thrown,
          )
          expect(error).toBeInstanceOf(IndexError)
          expect(error).toMatchObject({ op: 'writeKv', tensor, limit })
          // What the second operation found is reported as well, or was never run: then the backend goes on.
          await backend.read(f32(0).buffer).catch(() => undefined)
          const [a, b] = [f32(1), f32(2)]
          backend.ops.add({ a, b, out: a })
          expect([...(await readFloat32(backend, a))]).toEqual([3])
        },
      )
    })

    test.each([false, true])(
      'writeLatent: a position beyond the table of angles is an IndexError (in pages: %s)',
      async (paged) => {
        const zeros = (shape: number[], dtype: 'f32' | 'i32' = 'f32') =>
          allocTensor(backend, dtype, shape, 'zeros')
        const positions = zeros([1], 'i32')
        writeTensor(backend, positions, Int32Array.of(5))
        const pages = zeros([1, 2], 'i32')
        writeTensor(backend, pages, Int32Array.of(0, 1))
        const paging = paged ? { sequences: zeros([1], 'i32'), pages, pageSize: 4 } : undefined
        const cache = zeros([8, 12])
        const more = { weight: zeros([8]), epsilon: 1e-6, table: zeros([5, 2, 2]), paging }
        const outcome = async () => {
          backend.ops.writeLatent({ kv: zeros([1, 12]), positions, cache, ...more })
          await backend.read(cache.buffer)
        }
        await expect(outcome()).rejects.toMatchObject({ op: 'writeLatent', tensor: 'positions', limit: 5 })
      },
    )

    test.each([
      ['best', [0, 1]],
      ['best-two', [2, 3]],
    ] as const)('route: groups by %s of the choices 0.9 and 0.1, 0.6 and 0.6', async (groupScore, chosen) => {
      const zeros = (shape: number[]): Tensor => allocTensor(backend, 'f32', shape, 'zeros')
      // The scores are sigmoid(0).
      const bias = f32(0.4, -0.4, 0.1, 0.1)
      const indices = allocTensor(backend, 'i32', [1, 2], 'indices')
      const options = { scoring: 'sigmoid', groups: 2, groupScore, topGroups: 1, normalize: true } as const
      const numbers = { ...options, scalingFactor: 1 }
      backend.ops.route({
        x: zeros([1, 3]),
        gate: zeros([4, 3]),
        bias,
        ...numbers,
        indices,
        weights: zeros([1, 2]),
      })
      expect([...(await readInt32(backend, indices))]).toEqual(chosen)
    })

    test('route gives valid experts even for NaN and infinities', async () => {
      const x = allocTensor(backend, 'f32', [3, 2], 'x')
      const values = [Number.NaN, 1, Infinity, 1, -Infinity, Infinity]
      writeTensor(backend, x, Float32Array.from(values))
      const gate = allocTensor(backend, 'f32', [6, 2], 'gate')
      writeTensor(
        backend,
        gate,
        Float32Array.from({ length: 12 }, (_, i) => i - 5),
      )
      const bias = allocTensor(backend, 'f32', [6], 'bias')
      const indices = allocTensor(backend, 'i32', [3, 3], 'indices')
      const weights = allocTensor(backend, 'f32', [3, 3], 'weights')
      const groups = { groups: 3, groupScore: 'best-two', topGroups: 2 } as const
      for (const scoring of ['sigmoid', 'softmax'] as const) {
        const options = { scoring, ...groups, normalize: true, scalingFactor: 1 }
        backend.ops.route({ x, gate, bias, ...options, indices, weights })
        const chosen = await readInt32(backend, indices)
        expect(chosen.every((expert) => expert >= 0 && expert < 6)).toBe(true)
      }
      // A softmax over NaN or Infinity is NaN for every expert, and must not look like weights.
      expect((await readFloat32(backend, weights)).every(Number.isNaN)).toBe(true)
    })

    test('route: one NaN among the logits of a softmax makes every weight NaN', async () => {
      const zeros = (shape: number[]): Tensor => allocTensor(backend, 'f32', shape, 'zeros')
      const gate = { ...f32(0, 1, Number.NaN, 2), shape: [4, 1] }
      const weights = zeros([1, 2])
      const options = { scoring: 'softmax', groups: 1, groupScore: 'best', topGroups: 1 } as const
      backend.ops.route({
        x: { ...f32(1), shape: [1, 1] },
        gate,
        ...options,
        normalize: true,
        scalingFactor: 1,
        indices: allocTensor(backend, 'i32', [1, 2], 'indices'),
        weights,
      })
      expect([...(await readFloat32(backend, weights))]).toEqual([Number.NaN, Number.NaN])
    })

    test('route: a group whose two best choices are +Infinity and -Infinity is the worst', async () => {
      const zeros = (shape: number[]): Tensor => allocTensor(backend, 'f32', shape, 'zeros')
      const bias = f32(Infinity, -Infinity, 0, 0)
      const indices = allocTensor(backend, 'i32', [1, 2], 'indices')
      const groups = { groups: 2, groupScore: 'best-two', topGroups: 1 } as const
      const options = { scoring: 'sigmoid', ...groups, normalize: true, scalingFactor: 1 } as const
      backend.ops.route({
        x: zeros([1, 3]),
        gate: zeros([4, 3]),
        bias,
        ...options,
        indices,
        weights: zeros([1, 2]),
      })
      expect([...(await readInt32(backend, indices))]).toEqual([2, 3])
    })
  })
}
