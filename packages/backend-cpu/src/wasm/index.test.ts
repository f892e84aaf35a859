import {
  allocTensor,
  DeviceError,
  type DType,
  numel,
  readFloat32,
  type Tensor,
  tensor,
  type Weight,
  writeTensor,
} from '@octoscale/tensor'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { backendOf, createWasmBackend } from './index.ts'
import { start } from './start.ts'

afterEach(() => vi.restoreAllMocks())

test('a runtime without SIMD is a DeviceError that says so', async () => {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false)
  await expect(createWasmBackend()).rejects.toThrow(DeviceError)
  await expect(createWasmBackend()).rejects.toThrow(/SIMD/)
})

test('a runtime without WebAssembly is a DeviceError that says so', async () => {
  vi.stubGlobal('WebAssembly', undefined)
  const failed = createWasmBackend()
  vi.unstubAllGlobals()
  await expect(failed).rejects.toThrow(/no WebAssembly/)
})

test.each([
  [300, 2 ** 32],
  [2 ** 32, 300],
  [2 ** 53 - 1, 2 ** 53 - 1],
] as const)('blocks of %i x %i, larger than the matrix', async (height, width) => {
  const backend = await createWasmBackend()
  const codes = allocTensor(backend, 'f8_e4m3', [3, 32], 'codes')
  writeTensor(backend, codes, new Uint8Array(96).fill(0x38))
  const scales = allocTensor(backend, 'f32', [1, 1], 'scales')
  writeTensor(backend, scales, Float32Array.of(2))
  for (const tokens of [1, 2]) {
    const x = allocTensor(backend, 'f32', [tokens, 32], 'x')
    writeTensor(backend, x, new Float32Array(tokens * 32).fill(1))
    const out = allocTensor(backend, 'f32', [tokens, 3], 'out')
    backend.ops.linear({ x, weight: { codes, scales, block: [height, width] }, out })
    expect(await readFloat32(backend, out)).toEqual(new Float32Array(tokens * 3).fill(64))
  }
  backend.dispose()
})

describe('memory', () => {
  test.each([1, 2])('a decode step allocates nothing, %i threads', async (threads) => {
    const started = await start({ threads })
    const { heap } = started.runtime
    const backend = backendOf(started)
    const make = (dtype: DType, ...shape: number[]): Tensor =>
      tensor(heap.alloc(numel(shape) * 4, 'test'), dtype, shape)
    const fp8 = (rows: number, columns: number): Weight => ({
      codes: make('f8_e4m3', rows, columns),
      scales: make('f32', Math.ceil(rows / 32), Math.ceil(columns / 32)),
      block: [32, 32],
    })
    const [x, y, norm] = [make('f32', 1, 64), make('f32', 1, 64), make('bf16', 64)]
    const one = make('i32', 1)
    const angles = make('f32', 16, 4, 2)
    const [kv, cache] = [make('f32', 1, 40), make('f32', 16, 40)]
    const q = make('f32', 1, 2, 24)
    const [weights, gate] = [{ gate: fp8(48, 64), up: fp8(48, 64), down: fp8(64, 48) }, make('bf16', 1, 64)]
    const dense = make('f16', 64, 64)
    const [kvB, bias] = [fp8(2 * (16 + 32), 32), make('f32', 1)]
    const share = make('f32', 1, 1)
    const indices = make('i32', 1, 1)
    const latentNorm = make('f16', 32)
    const [kv2, values, query] = [make('f32', 1, 2, 16), make('f32', 16, 2, 16), make('f32', 1, 4, 16)]
    const [pages, both] = [make('i32', 1, 4), make('f32', 1, 128)]

    const step = () => {
      const { ops } = backend
      ops.embed({ ids: one, table: dense, out: x })
      ops.rmsNorm({ x, weight: norm, epsilon: 1e-6, out: y })
      ops.linear({ x, weight: dense, out: y })
      ops.rope({ pairs: 'interleaved', x: q, positions: one, table: angles })
      ops.writeLatent({ kv, weight: latentNorm, epsilon: 1e-6, positions: one, table: angles, cache })
      const out = { ...y, shape: [1, 2, 32] }
      ops.latentAttention({ q, kvB, cache, positions: one, scale: 1, out })
      const numbers = { groups: 1, topGroups: 1, normalize: true, scalingFactor: 1 }
      const choice = { scoring: 'sigmoid', groupScore: 'best-two', ...numbers } as const
      ops.route({ x, gate, bias, ...choice, indices, weights: share })
      ops.moe({ x, indices, weights: share, experts: [weights], out: y })
      const [heads, kept] = [
        { ...y, shape: [1, 4, 16] },
        { ...cache, shape: [16, 2, 16] },
      ]
      const paging = { sequences: one, pages, pageSize: 4 }
      ops.writeKv({ k: kv2, v: kv2, positions: one, keys: kept, values: values, paging })
      ops.attention({ q: query, keys: kept, values, positions: one, scale: 1, out: heads, paging })
      ops.concat({ a: { ...x, shape: [1, 64] }, b: { ...y, shape: [1, 64] }, out: both })
      ops.siluMul({ gate: x, up: y, out: y })
      ops.add({ a: x, b: y, out: x })
      ops.selectRows({ x, rows: one, out: y })
    }
    for (let i = 0; i < 200; i++) step()
    await backend.read(x.buffer)
    const state = () => [heap.usedBytes, heap.memoryBytes, heap.buffers]
    const [before, view] = [state(), heap.u8]
    for (let i = 0; i < 1000; i++) {
      step()
      await backend.read(x.buffer)
    }
    expect(state()).toEqual(before)
    // Growth would have replaced the view.
    expect(heap.u8).toBe(view)
    backend.dispose()
  })

  test('a backend that was disposed holds no memory, and says what is wrong', async () => {
    const backend = await createWasmBackend()
    const buffer = backend.alloc(16, 'kept')
    backend.dispose()
    expect(() => backend.free(buffer)).toThrow(/free: backend must be in use, got one that is disposed/)
    const t = tensor(buffer, 'f32', [4])
    expect(() => backend.ops.add({ a: t, b: t, out: t })).toThrow(/disposed/)
  })

  test('data survives growth of the memory', async () => {
    const backend = await createWasmBackend()
    const first = backend.alloc(100_000, 'first')
    backend.write(first, new Uint8Array(100_000).fill(7))
    const second = backend.alloc(50_000_000, 'second')
    backend.write(second, Uint8Array.of(1, 2, 3), 49_999_997)
    expect((await backend.read(first)).every((byte) => byte === 7)).toBe(true)
    expect([...(await backend.read(second, 49_999_996))]).toEqual([0, 1, 2, 3])
    backend.dispose()
  })
})
