/**
 * What threads promise: the same bits, order, an end, and errors instead of silence.
 *
 * Mutations seen red: no barrier after an operation; workers not ended; memory given back before the operations that use it
 * are done; operations behind a read published before it is answered; a dead worker not told; the process not held while a
 * read waits; `cancelled` never set, and never cleared.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Worker } from 'node:worker_threads'
import { allocTensor, DeviceError, readFloat32, type Tensor, writeTensor } from '@octoscale/tensor'
import { conformanceCases, runCase } from '@octoscale/tensor/testing'
import { afterEach, expect, test, vi } from 'vitest'
import { backendOf, createWasmBackend } from './index.ts'
import { opcodes } from './opcodes.ts'
import { start } from './start.ts'

afterEach(() => vi.unstubAllGlobals())

test.each([2, 3])('%i threads give the bits of one, in every case of the suite', async (threads) => {
  const one = await createWasmBackend({ threads: 1 })
  const several = await createWasmBackend({ threads })
  expect(several.info.detail).toContain(`${threads} threads`)
  for (const each of conformanceCases) {
    const { comparisons } = await runCase(each, one, several)
    for (const [output, { error }] of comparisons)
      expect([each.name, output, error]).toEqual([each.name, output, 0])
  }
  one.dispose()
  several.dispose()
})

test('a chain in which every element depends on all before: the bits of one thread', async () => {
  const run = async (threads: number): Promise<Float32Array> => {
    const backend = await createWasmBackend({ threads })
    const [width, tokens] = [260, 3]
    const weight = allocTensor(backend, 'f32', [width, width], 'weight')
    const values = Float32Array.from({ length: width * width }, (_, i) => Math.sin(i) / 12)
    writeTensor(backend, weight, values)
    const [a, b] = [0, 1].map(() => allocTensor(backend, 'f32', [tokens, width], 'x')) as [Tensor, Tensor]
    writeTensor(backend, a, values.subarray(0, tokens * width))
    const norm = allocTensor(backend, 'f32', [width], 'norm')
    writeTensor(backend, norm, new Float32Array(width).fill(1))
    for (let i = 0; i < 500; i++) {
      backend.ops.linear({ x: a, weight, out: b })
      backend.ops.rmsNorm({ x: b, weight: norm, epsilon: 1e-6, out: b })
      backend.ops.linear({ x: b, weight, out: a })
      backend.ops.rmsNorm({ x: a, weight: norm, epsilon: 1e-6, out: a })
    }
    const result = await readFloat32(backend, a)
    backend.dispose()
    return result
  }
  const expected = await run(1)
  expect(expected.some((value) => value !== 0 && Number.isFinite(value))).toBe(true)
  for (const threads of [2, 3]) expect(await run(threads)).toEqual(expected)
})

test('operations, writes of any size, allocations and frees keep their order over thousands of calls', async () => {
  const backend = await createWasmBackend({ threads: 2 })
  const size = 8192
  const make = (): { values: Float32Array; t: Tensor } => {
    const t = allocTensor(backend, 'f32', [size], 'test')
    return { values: new Float32Array(size), t }
  }
  let live = [make(), make(), make()]
  const pick = (i: number) => live[i % live.length]!
  const reads: Promise<void>[] = []
  for (let i = 0; i < 6000; i++) {
    const [a, b, out] = [pick(i), pick(i * 7 + 1), pick(i * 3 + 2)]
    if (i % 5 === 0) {
      // Of 4 bytes, 8 KiB and 32 KiB: what fits the list and what does not.
      const count = [1, 2048, 8192][i % 3]!
      const data = Float32Array.from({ length: count }, (_, k) => (i + k) % 17)
      backend.write(out.t.buffer, new Uint8Array(data.buffer))
      out.values.set(data)
    } else {
      backend.ops.add({ a: a.t, b: b.t, out: out.t })
      const [x, y] = [a.values, b.values]
      out.values = x.map((value, k) => (value + y[k]!) % 1e6)
      if (out.values.some((value) => value > 1e5)) {
        backend.write(out.t.buffer, new Uint8Array(size * 4))
        out.values.fill(0)
      }
    }
    if (i % 50 === 49) {
      backend.free(live[0]!.t.buffer)
      live = [...live.slice(1), make()]
    }
    if (i % 97 === 0) {
      const expected = out.values.slice()
      reads.push(readFloat32(backend, out.t).then((got) => expect(got).toEqual(expected)))
    }
    if (i % 1000 === 0) await reads.at(-1)
  }
  await Promise.all(reads)
  backend.dispose()
})

test('100 backends made and disposed leave no worker behind', async () => {
  let workers = 0
  let started = 0
  const count = (worker: Worker) => {
    workers++
    started++
    worker.once('exit', () => workers--)
  }
  process.on('worker', count)
  for (let i = 0; i < 100; i++) {
    const backend = await createWasmBackend({ threads: 2 })
    const t = allocTensor(backend, 'f32', [4], 't')
    writeTensor(backend, t, Float32Array.of(1, 2, 3, 4))
    backend.ops.add({ a: t, b: t, out: t })
    expect([...(await readFloat32(backend, t))]).toEqual([2, 4, 6, 8])
    backend.dispose()
  }
  await vi.waitFor(() => expect({ workers, started }).toEqual({ workers: 0, started: 200 }), 20_000)
  process.off('worker', count)
})

test('a thread that dies is a DeviceError for reads under way and for what follows', async () => {
  const started = await start({ threads: 2 })
  const backend = backendOf(started)
  const buffer = backend.alloc(16, 'buffer')
  // A copy to beyond the memory traps.
  started.runtime.recorder.op(opcodes.copy, [0, 2 ** 32 - 16, 64])
  await expect(backend.read(buffer)).rejects.toThrow(DeviceError)
  await expect(backend.read(buffer)).rejects.toThrow(/a thread failed.*create another/)
  expect(() => started.runtime.recorder.op(opcodes.copy, [0, 0, 0])).toThrow(DeviceError)
  backend.dispose()
})

test('reads under way when the backend is disposed say so', async () => {
  const backend = await createWasmBackend({ threads: 2 })
  const t = allocTensor(backend, 'f32', [1 << 20], 't')
  for (let i = 0; i < 100; i++) backend.ops.add({ a: t, b: t, out: t })
  const read = backend.read(t.buffer)
  backend.dispose()
  await expect(read).rejects.toThrow(/disposed/)
})

test('an abort answers at once, drops what is not computed, and leaves the backend usable', async () => {
  const backend = await createWasmBackend({ threads: 2 })
  const [tokens, width] = [64, 1024]
  const weight = allocTensor(backend, 'f32', [width, width], 'weight')
  const x = allocTensor(backend, 'f32', [tokens, width], 'x')
  const out = allocTensor(backend, 'f32', [tokens, width], 'out')
  const count = allocTensor(backend, 'f32', [1], 'count')
  const one = allocTensor(backend, 'f32', [1], 'one')
  writeTensor(backend, one, Float32Array.of(1))
  // Seconds of work.
  for (let i = 0; i < 1000; i++) {
    backend.ops.linear({ x, weight, out })
    backend.ops.add({ a: count, b: one, out: count })
  }
  const controller = new AbortController()
  const read = backend.read(out.buffer, 0, 4, controller.signal)
  let aborted = 0
  setTimeout(() => {
    aborted = performance.now()
    controller.abort(new RangeError('enough'))
  }, 50)
  await expect(read).rejects.toThrow('enough')
  expect(performance.now() - aborted).toBeLessThan(50)
  const [done] = await readFloat32(backend, count)
  expect(performance.now() - aborted).toBeLessThan(2000)
  expect(done).toBeLessThan(1000)
  backend.ops.add({ a: one, b: one, out: one })
  expect([...(await readFloat32(backend, one))]).toEqual([2])
  backend.dispose()
})

test('without SharedArrayBuffer there is one thread, and the backend says why', async () => {
  vi.stubGlobal('SharedArrayBuffer', undefined)
  const backend = await createWasmBackend({ threads: 2 })
  expect(backend.info.detail).toMatch(/one thread: no SharedArrayBuffer.*COOP/)
  backend.dispose()
})

test.each([0, 1.5, 65, Number.NaN])('%f threads are refused', async (threads) => {
  await expect(createWasmBackend({ threads })).rejects.toThrow(/threads must be an integer in 1 \.\. 64/)
})

test('a program ends without dispose, but not before its reads', () => {
  const index = fileURLToPath(new URL('./index.ts', import.meta.url))
  const code = `
    import { createWasmBackend } from ${JSON.stringify(index)}
    const backend = await createWasmBackend({ threads: 2 })
    const buffer = backend.alloc(4, 'buffer')
    const t = { buffer, dtype: 'f32', shape: [1], offset: 0 }
    for (let i = 0; i < 5000; i++) backend.ops.add({ a: t, b: t, out: t })
    console.log((await backend.read(buffer)).length)`
  const options = { encoding: 'utf8', timeout: 20_000 } as const
  const args = ['--conditions=@octoscale/source', '--input-type=module', '--eval', code]
  const { stdout, status } = spawnSync(process.execPath, args, options)
  expect({ stdout, status }).toEqual({ stdout: '4\n', status: 0 })
})
