/** A GPU that is there, but too small for the model, or refuses a kernel: it says so only when it is read from. */
import { createWasmBackend } from '@octoscale/backend-cpu'
import { octoTiny } from '@octoscale/octo-tiny'
import { type Backend, DeviceError, OutOfMemoryError } from '@octoscale/tensor'
import { beforeEach, expect, test, vi } from 'vitest'
import { load } from './index.ts'

const { createWebgpuBackend } = vi.hoisted(() => ({ createWebgpuBackend: vi.fn<() => Promise<Backend>>() }))
vi.mock('@octoscale/backend-webgpu', () => ({ createWebgpuBackend }))

const full = new OutOfMemoryError({ label: 'cache', bytes: 99, detail: 'the device refuses it' })
const lost = new DeviceError({ backend: 'webgpu', missing: 'the device was lost' })

/** WebAssembly under the name of a GPU; every read throws `failure`. */
async function gpuWith(failure: Error) {
  const backend = await createWasmBackend()
  const live = new Set<unknown>()
  const dispose = vi.fn(() => backend.dispose())
  const gpu: Backend = {
    ...backend,
    info: { name: 'webgpu', detail: 'small', policy: 'exact' },
    alloc(bytes, label) {
      const buffer = backend.alloc(bytes, label)
      live.add(buffer)
      return buffer
    },
    free(buffer) {
      live.delete(buffer)
      backend.free(buffer)
    },
    read: () => Promise.reject(failure),
    dispose,
  }
  createWebgpuBackend.mockResolvedValue(gpu)
  return { gpu, live, dispose }
}

beforeEach(() => createWebgpuBackend.mockReset())

test.each([
  [full, 'running on wasm, since webgpu: cannot allocate 99 bytes for cache: the device refuses it'],
  [lost, 'running on wasm, since webgpu: the device was lost'],
])('auto goes on without the GPU and says so: %s', async (failure, notice) => {
  const { dispose } = await gpuWith(failure)
  const llm = await load(octoTiny)
  expect(llm.info.backend.name).toBe('wasm')
  expect(llm.info.notice).toBe(notice)
  expect(dispose).toHaveBeenCalledTimes(1)
  const { content } = await llm.chat({ messages: 'Hello', maxTokens: 2 }).result()
  expect(content).not.toBe('')
  llm.dispose()
})

test('a driver that refuses a kernel: auto finds out at load, not in the first answer', async () => {
  const { gpu } = await gpuWith(lost)
  const { ops } = gpu
  let ran = false
  const latentAttention: typeof ops.latentAttention = (args) => {
    ran = true
    ops.latentAttention(args)
  }
  const refused = new DeviceError({ backend: 'webgpu', missing: 'shader attend failed' })
  const read: typeof gpu.read = async (_buffer, _offset, bytes = 0) => {
    if (ran) throw refused
    return new Uint8Array(bytes)
  }
  createWebgpuBackend.mockResolvedValue({ ...gpu, ops: { ...ops, latentAttention }, read })
  const llm = await load(octoTiny)
  expect(llm.info.notice).toBe('running on wasm, since webgpu: shader attend failed')
  llm.dispose()
})

test('a GPU that was asked for is not replaced, but given back', async () => {
  const { dispose } = await gpuWith(full)
  await expect(load(octoTiny, { backend: 'webgpu' })).rejects.toBe(full)
  expect(dispose).toHaveBeenCalledTimes(1)
})

test('a backend of the caller gets its memory back, and stays', async () => {
  const { gpu, live, dispose } = await gpuWith(full)
  await expect(load(octoTiny, { backend: gpu })).rejects.toBe(full)
  expect(live.size).toBe(0)
  expect(dispose).not.toHaveBeenCalled()
  dispose()
})

test('what is not for want of memory is not tried twice', async () => {
  const broken = new TypeError('broken')
  const { dispose } = await gpuWith(broken)
  await expect(load(octoTiny)).rejects.toBe(broken)
  expect(dispose).toHaveBeenCalledTimes(1)
})
