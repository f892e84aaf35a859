/** Memory at any byte, working memory that stays, and indices that are refused. */
import {
  IndexError,
  numel,
  readFloat32,
  type Tensor,
  tensor,
  type Weight,
  writeTensor,
} from '@octoscale/tensor'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { backendOf } from './create-backend.ts'
import { findGpu } from './device/find-gpu.ts'
import { type OpenDevice, openDevice } from './device/open-device.ts'
import { withGpu } from './testing/with-gpu.ts'

await withGpu(() => {
  let gpu: GPU | undefined
  let opened: OpenDevice
  let backend: ReturnType<typeof backendOf>
  beforeAll(async () => {
    gpu = findGpu()
    opened = await openDevice(gpu, {})
    backend = backendOf(opened)
  })
  afterAll(() => {
    backend.dispose()
    gpu = undefined
  })

  test('any writes and reads of byte ranges are those of an array', async () => {
    const size = 37
    const range = fc
      .tuple(fc.nat(size), fc.nat(size))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
    const steps = fc.array(fc.tuple(range, fc.boolean()), { maxLength: 12 })
    const property = fc.asyncProperty(steps, async (plan) => {
      const buffer = backend.alloc(size, 'bytes')
      const model = new Uint8Array(size)
      const reads: Promise<void>[] = []
      for (const [i, [[start, end], isRead]] of plan.entries()) {
        if (isRead) {
          const expected = [...model.subarray(start, end)]
          const got = backend.read(buffer, start, end - start)
          reads.push(got.then((bytes) => expect([...bytes]).toEqual(expected)))
        } else {
          const data = Uint8Array.from({ length: end - start }, (_, k) => 1 + i * 16 + k)
          model.set(data, start)
          backend.write(buffer, data, start)
        }
      }
      await Promise.all(reads)
      expect([...(await backend.read(buffer))]).toEqual([...model])
      backend.free(buffer)
    })
    await fc.assert(property, { numRuns: 40 })
  })

  test('a large buffer is written and read whole', async () => {
    const data = new Uint8Array(2 ** 24 + 5).fill(7)
    data[data.length - 1] = 9
    const buffer = backend.alloc(data.length + 3, 'large')
    backend.write(buffer, data, 3)
    const got = await backend.read(buffer, 3)
    expect(got.length).toBe(data.length)
    expect(got.every((byte, i) => byte === data[i])).toBe(true)
    backend.free(buffer)
  })

  const made = (dtype: 'f32' | 'i32' | 'bf16' | 'f8_e4m3', ...shape: number[]): Tensor =>
    tensor(backend.alloc(numel(shape) * 4, 'test'), dtype, shape)

  test('more than 65,535 workgroups', async () => {
    const count = 65536 * 64 + 1
    const [x, out] = [made('f32', count), made('f32', count)]
    writeTensor(
      backend,
      x,
      Float32Array.from({ length: count }, (_, i) => i % 1024),
    )
    backend.ops.add({ a: x, b: x, out })
    const got = await readFloat32(backend, out)
    expect(got.every((value, i) => value === 2 * (i % 1024))).toBe(true)
    for (const { buffer } of [x, out]) backend.free(buffer)
  })

  test('more runs than the arena of parameters holds, each with its own', async () => {
    const table = made('f32', 3000, 1)
    writeTensor(
      backend,
      table,
      Float32Array.from({ length: 3000 }, (_, i) => i),
    )
    const [rows, out] = [made('i32', 1), made('f32', 3000, 1)]
    for (let i = 0; i < 3000; i++) {
      const one = { shape: [1, 1], dtype: 'f32' } as const
      backend.ops.selectRows({
        x: { ...one, buffer: table.buffer, offset: 4 * i },
        rows,
        out: { ...one, buffer: out.buffer, offset: 4 * (2999 - i) },
      })
    }
    const got = await readFloat32(backend, out)
    expect(got.every((value, i) => value === 2999 - i)).toBe(true)
  })

  test('a decode step allocates nothing after the first', async () => {
    const create = opened.device.createBuffer.bind(opened.device)
    let created = 0
    opened.device.createBuffer = (descriptor) => {
      created++
      return create(descriptor)
    }
    const fp8 = (rows: number, columns: number): Weight => ({
      codes: made('f8_e4m3', rows, columns),
      scales: made('f32', Math.ceil(rows / 32), Math.ceil(columns / 32)),
      block: [32, 32],
    })
    const [x, y, one, share, bias] = [
      made('f32', 1, 64),
      made('f32', 1, 64),
      made('i32', 1),
      made('f32', 1, 1),
      made('f32', 1),
    ]
    const [gate, indices, cache, q] = [
      made('bf16', 1, 64),
      made('i32', 1, 1),
      made('f32', 16, 40),
      made('f32', 1, 2, 24),
    ]
    const kvB = fp8(2 * (16 + 32), 32)
    const experts = [{ gate: fp8(48, 64), up: fp8(48, 64), down: fp8(64, 48) }]
    const step = async () => {
      const attended = { ...y, shape: [1, 2, 32] }
      backend.ops.latentAttention({ q, kvB, cache, positions: one, scale: 1, out: attended })
      const numbers = { groups: 1, topGroups: 1, normalize: true, scalingFactor: 1 }
      const choice = { scoring: 'sigmoid', groupScore: 'best-two', ...numbers } as const
      backend.ops.route({ x, gate, bias, ...choice, indices, weights: share })
      // A new list each time, as a caller may: its table is found by contents.
      backend.ops.moe({ x, indices, weights: share, experts: [...experts], out: y })
      await readFloat32(backend, y)
    }
    await step()
    const before = created
    for (let i = 0; i < 5; i++) await step()
    expect(created).toBe(before)
    opened.device.createBuffer = create
  })

  test('the first bad index of the first bad operation, once, and what was refused stays as it was', async () => {
    const [ids, table, out] = [made('i32', 3), made('f32', 2, 1), made('f32', 3, 1)]
    writeTensor(backend, table, Float32Array.of(5, 6))
    writeTensor(backend, out, Float32Array.of(1, 2, 3))
    writeTensor(backend, ids, Int32Array.of(1, -7, 2))
    backend.ops.embed({ ids, table, out })
    writeTensor(backend, ids, Int32Array.of(9, 9, 9))
    backend.ops.selectRows({ x: table, rows: ids, out })
    const first = backend.read(out.buffer)
    const second = readFloat32(backend, out)
    await expect(first).rejects.toThrow('embed: ids holds -7, must be in 0 .. 1')
    await expect(first).rejects.toThrow(IndexError)
    expect([...(await second)]).toEqual([6, 2, 3])
  })

  test('a list of experts that was changed in place is looked at again', async () => {
    const expert = (value: number) => {
      const parts = { gate: made('f32', 1, 1), up: made('f32', 1, 1), down: made('f32', 1, 1) }
      for (const part of Object.values(parts)) writeTensor(backend, part, Float32Array.of(value))
      return parts
    }
    const [x, out, indices, weights] = [
      made('f32', 1, 1),
      made('f32', 1, 1),
      made('i32', 1, 1),
      made('f32', 1, 1),
    ]
    for (const one of [x, weights]) writeTensor(backend, one, Float32Array.of(1))
    const experts = [expert(0)]
    const run = () => {
      backend.ops.moe({ x, indices, weights, experts, out })
      return readFloat32(backend, out)
    }
    expect([...(await run())]).toEqual([0])
    experts[0] = expert(1)
    // silu(1) * 1 * 1
    expect((await run())[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 6)
  })

  test('an index that is refused leaves a cache alone, and what lies behind it', async () => {
    const [kv, whole] = [made('f32', 1, 4), made('f32', 4, 4)]
    const cache = { ...whole, shape: [2, 4] }
    writeTensor(backend, kv, Float32Array.of(1, 1, 1, 1))
    const [weight, table, positions] = [made('f32', 2), made('f32', 2, 1, 2), made('i32', 1)]
    writeTensor(backend, weight, Float32Array.of(1, 1))
    writeTensor(backend, positions, Int32Array.of(2))
    backend.ops.writeLatent({ kv, weight, epsilon: 1e-6, positions, table, cache })
    await expect(readFloat32(backend, whole)).rejects.toThrow(IndexError)
    expect([...(await readFloat32(backend, whole))]).toEqual(new Array(16).fill(0))
  })
})
