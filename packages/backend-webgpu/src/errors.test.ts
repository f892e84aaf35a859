/** What is missing, and what goes wrong later: each a typed error that says what to do. */
import { allocTensor, DeviceError, OutOfMemoryError, readFloat32, writeTensor } from '@octoscale/tensor'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { Failures } from './device/failures.ts'
import { findGpu } from './device/find-gpu.ts'
import { createWebgpuBackend } from './index.ts'
import { withGpu } from './testing/with-gpu.ts'

afterEach(() => vi.unstubAllGlobals())

/** As much of an adapter as is asked for before a device is. */
function adapterWith(facts: {
  info?: Partial<GPUAdapterInfo>
  limits?: Partial<GPUSupportedLimits>
  requestDevice?: () => Promise<GPUDevice>
}): GPU {
  const info = { vendor: 'acme', architecture: 'one', device: '', description: '', ...facts.info }
  const limits = new Proxy(facts.limits ?? {}, {
    get: (given: Record<string, unknown>, name: string) => given[name] ?? 2 ** 30,
  })
  const adapter = { info, limits, requestDevice: facts.requestDevice }
  return { requestAdapter: async () => adapter } as unknown as GPU
}

describe('what is missing', () => {
  test.each([
    ['a page that is not secure', { isSecureContext: false }, /not a secure context; serve it over https/],
    ['a browser without WebGPU', { isSecureContext: true }, /no navigator.gpu; use a browser with WebGPU/],
  ])('%s', async (_title, globals, message) => {
    vi.stubGlobal('navigator', {})
    vi.stubGlobal('process', { versions: {} })
    vi.stubGlobal('isSecureContext', globals.isSecureContext)
    await expect(createWebgpuBackend()).rejects.toThrow(message)
    await expect(createWebgpuBackend()).rejects.toThrow(DeviceError)
  })

  test.each([
    ['without the package webgpu', 'MODULE_NOT_FOUND', /install the package webgpu \(npm install webgpu\)/],
    ['where the package does not start', 'ERR_DLOPEN_FAILED', /does not start here \(broken\)/],
  ])('Node %s', async (_title, code, message) => {
    const require = (): never => {
      throw Object.assign(new TypeError('broken'), { code })
    }
    const getBuiltinModule = (): unknown => ({ createRequire: () => require })
    vi.stubGlobal('process', { versions: { node: '24' }, getBuiltinModule })
    await expect(createWebgpuBackend()).rejects.toThrow(message)
  })

  test('Node on Linux without Vulkan, before Dawn complains of it on the terminal', async () => {
    const create = vi.fn()
    vi.stubGlobal('process', {
      versions: { node: '24' },
      platform: 'linux',
      getBuiltinModule: () => ({ createRequire: () => () => ({ create }) }),
      dlopen: () => {
        throw new Error('libvulkan.so.1: cannot open shared object file: No such file or directory')
      },
    })
    await expect(createWebgpuBackend()).rejects.toThrow(/no Vulkan \(libvulkan.so.1\); install it/)
    expect(create).not.toHaveBeenCalled()
  })

  test('an entry point that is given is used, and navigator.gpu comes before the package', async () => {
    const none = { requestAdapter: async () => null } as unknown as GPU
    await expect(createWebgpuBackend({ gpu: none })).rejects.toThrow(
      /no adapter; install or enable a GPU driver/,
    )
    vi.stubGlobal('navigator', { gpu: none })
    expect(findGpu()).toBe(none)
    await expect(createWebgpuBackend()).rejects.toThrow(/no adapter/)
  })

  test('the preferred GPU is asked for', async () => {
    const requestAdapter = vi.fn(async () => null)
    const gpu = { requestAdapter } as unknown as GPU
    await expect(createWebgpuBackend({ gpu, powerPreference: 'low-power' })).rejects.toThrow(DeviceError)
    expect(requestAdapter).toHaveBeenCalledWith({ powerPreference: 'low-power' })
  })

  test.each([{ isFallbackAdapter: true }, { description: 'llvmpipe (LLVM 15)' }])(
    'a software adapter that is not wanted: %o',
    async (info) => {
      const failed = createWebgpuBackend({ gpu: adapterWith({ info }), acceptSoftware: false })
      await expect(failed).rejects.toThrow(/acme one.*, computes on the CPU; enable a GPU driver/)
    },
  )

  test('limits too small', async () => {
    const gpu = adapterWith({ limits: { maxStorageBuffersPerShaderStage: 4 } })
    await expect(createWebgpuBackend({ gpu })).rejects.toThrow(
      'webgpu: adapter acme one has maxStorageBuffersPerShaderStage 4, the kernels need 8',
    )
  })

  test('an adapter that says nothing of itself', async () => {
    const requestDevice = () => Promise.reject(new TypeError('busy'))
    const { requestAdapter } = adapterWith({ requestDevice })
    const gpu = { requestAdapter: async () => ({ ...(await requestAdapter()), info: undefined }) }
    const failed = createWebgpuBackend({ gpu: gpu as unknown as GPU, acceptSoftware: false })
    await expect(failed).rejects.toThrow(/adapter unnamed adapter gave no device/)
  })

  test('a device that is refused', async () => {
    const gpu = adapterWith({ requestDevice: () => Promise.reject(new TypeError('busy')) })
    await expect(createWebgpuBackend({ gpu })).rejects.toThrow(
      /acme one gave no device \(busy\); close other/,
    )
  })
})

/** A backend, and the device that it made. */
async function withDevice() {
  let device: GPUDevice | undefined
  const gpu = findGpu()
  const watched = {
    async requestAdapter(options: GPURequestAdapterOptions) {
      const adapter = await gpu.requestAdapter(options)
      const { info, limits } = adapter!
      const requestDevice = async (descriptor: GPUDeviceDescriptor) => {
        device = await adapter!.requestDevice(descriptor)
        return device
      }
      return { info, limits, requestDevice }
    },
  } as unknown as GPU
  const backend = await createWebgpuBackend({ gpu: watched })
  const x = allocTensor(backend, 'f32', [4], 'x')
  writeTensor(backend, x, Float32Array.of(1, 2, 3, 4))
  return { backend, device: device!, x, gpu }
}

await withGpu(() => {
  describe('what goes wrong later', () => {
    test('a lost device: every read says so, before and after', async () => {
      const { backend, device, x } = await withDevice()
      backend.ops.add({ a: x, b: x, out: x })
      device.destroy()
      await expect(readFloat32(backend, x)).rejects.toThrow(
        /device was lost.*make a new backend, and load the model again/,
      )
      backend.ops.add({ a: x, b: x, out: x })
      await expect(readFloat32(backend, x)).rejects.toThrow(DeviceError)
      backend.dispose()
    })

    test('a failure that is known refuses what is written: a load need not go on', async () => {
      const { backend, device, x } = await withDevice()
      device.destroy()
      await expect(readFloat32(backend, x)).rejects.toThrow(DeviceError)
      await device.lost
      expect(() => writeTensor(backend, x, new Float32Array(4))).toThrow(/device was lost/)
      backend.dispose()
    })

    test('a read that waits while its backend is disposed is a DeviceError', async () => {
      const { backend, x } = await withDevice()
      const waiting = readFloat32(backend, x)
      backend.dispose()
      await expect(waiting).rejects.toThrow(DeviceError)
    })

    test('a fault on the device stays: no read gives numbers after it', async () => {
      const { backend, device, x } = await withDevice()
      expect([...(await readFloat32(backend, x))]).toEqual([1, 2, 3, 4])
      // What no kernel does: a copy of a buffer that may not be copied to.
      const other = device.createBuffer({ size: 16, usage: 0x80 })
      device.queue.writeBuffer(other, 0, new Uint8Array(16))
      await expect(readFloat32(backend, x)).rejects.toThrow(
        /the device reports: .*CopyDst.*make a new backend/s,
      )
      await expect(readFloat32(backend, x)).rejects.toThrow(DeviceError)
      backend.dispose()
    })

    test('a buffer beyond the limits is an OutOfMemoryError at once', async () => {
      const { backend, device } = await withDevice()
      const largest = Math.min(device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize)
      expect(() => backend.alloc(largest, 'cache')).toThrow(OutOfMemoryError)
      expect(() => backend.alloc(2 ** 52, 'cache')).toThrow(
        /for cache: the largest buffer of this device has/,
      )
      backend.dispose()
    })

    test('memory that is used up is an OutOfMemoryError with label and size, at the next read', async () => {
      // No device can be asked to be full: one that says so when a buffer is made.
      const scopes: string[] = []
      const device = {
        lost: new Promise(() => {}),
        addEventListener: () => {},
        pushErrorScope: (filter: string) => scopes.push(filter),
        popErrorScope: async () => (scopes.pop() === 'out-of-memory' ? { message: 'full' } : null),
      } as unknown as GPUDevice
      const failures = new Failures(device)
      expect(failures.guard({ label: 'cache', bytes: 99 }, () => 7)).toBe(7)
      expect(scopes).toEqual([])
      await expect(failures.settled()).rejects.toThrow(OutOfMemoryError)
      // The failure stays: freeing buffers would not help.
      await expect(failures.settled()).rejects.toThrow(/; load a smaller model, or use another backend$/)
      await expect(failures.data(Promise.resolve(1))).rejects.toMatchObject({ label: 'cache', bytes: 99 })
    })

    test('the first failure is the one that is told', async () => {
      const device = { lost: new Promise(() => {}), addEventListener: () => {} } as unknown as GPUDevice
      const failures = new Failures(device)
      await expect(failures.data(Promise.reject(new TypeError('aborted')))).rejects.toThrow(
        /no data \(aborted\)/,
      )
      failures.report(new DeviceError({ backend: 'webgpu', missing: 'first' }))
      failures.report(new DeviceError({ backend: 'webgpu', missing: 'second' }))
      await expect(failures.data(Promise.resolve(1))).rejects.toThrow('webgpu: first')
    })
  })
})
