/** From an entry point to a device: adapter, limits, and what to tell a person of them. */
import { DeviceError } from '@octoscale/tensor'
import { messageOf } from './find-gpu.ts'

export interface DeviceOptions {
  /** Which GPU of several. Default: the browser's choice. */
  readonly powerPreference?: GPUPowerPreference | undefined
  /** Whether an adapter that computes on the CPU will do. Default true. */
  readonly acceptSoftware?: boolean | undefined
}

export interface OpenDevice {
  readonly device: GPUDevice
  /** One line: name, hardware or software, limits. */
  readonly detail: string
}

/** What the kernels are written for: defaults of WebGPU, so that every core adapter has them. */
const needed = {
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeWorkgroupsPerDimension: 65535,
  maxStorageBuffersPerShaderStage: 8,
} as const satisfies Partial<Record<keyof GPUSupportedLimits, number>>

/**
 * A device with the adapter's own limits for buffer sizes, and the defaults for the rest.
 * Throws `DeviceError`: no adapter, a software adapter that is not wanted, limits too small, a device refused.
 */
export async function openDevice(gpu: GPU, options: DeviceOptions): Promise<OpenDevice> {
  const { powerPreference, acceptSoftware = true } = options
  const adapter = await requestAdapter(gpu, powerPreference)
  const software = isSoftware(adapter)
  const name = adapterName(adapter)
  if (software && !acceptSoftware) {
    const missing = `the only adapter, ${name}, computes on the CPU; enable a GPU driver, accept it with acceptSoftware: true, or use the wasm backend`
    throw new DeviceError({ backend: 'webgpu', missing })
  }
  for (const [limit, least] of Object.entries(needed)) {
    const has = adapter.limits[limit as keyof typeof needed]
    if (has >= least) continue
    const missing = `adapter ${name} has ${limit} ${has}, the kernels need ${least}; use another adapter or the wasm backend`
    throw new DeviceError({ backend: 'webgpu', missing })
  }
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits
  try {
    const requiredLimits = { maxStorageBufferBindingSize, maxBufferSize }
    const device = await adapter.requestDevice({ label: 'octoscale', requiredLimits })
    const largest = largestBuffer(device.limits)
    const kind = software ? 'software, on the CPU' : 'hardware'
    return { device, detail: `${name}; ${kind}; buffers up to ${Math.floor(largest / 2 ** 20)} MiB` }
  } catch (cause) {
    const missing = `adapter ${name} gave no device (${messageOf(cause)}); close other users of the GPU, or use the wasm backend`
    throw new DeviceError({ backend: 'webgpu', missing, cause })
  }
}

/**
 * Bytes of the largest buffer: one that can be bound whole, whose copy for reading can be made too, and whose bytes
 * kernels can number in 32 bits.
 */
export function largestBuffer(limits: GPUSupportedLimits): number {
  return Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize, 2 ** 32) - 256
}

async function requestAdapter(gpu: GPU, preference: GPUPowerPreference | undefined): Promise<GPUAdapter> {
  let cause: unknown
  try {
    const adapter = await gpu.requestAdapter(preference === undefined ? {} : { powerPreference: preference })
    if (adapter !== null) return adapter
  } catch (error) {
    cause = error
  }
  const missing =
    'WebGPU is here but has no adapter; install or enable a GPU driver (Linux: Vulkan), or use the wasm backend'
  throw new DeviceError({ backend: 'webgpu', missing, cause })
}

/** The flag moved from the adapter to its info; some software drivers come without either. */
function isSoftware(adapter: GPUAdapter): boolean {
  const older = (adapter as { isFallbackAdapter?: boolean }).isFallbackAdapter
  const flagged = infoOf(adapter).isFallbackAdapter ?? older ?? false
  return flagged || /swiftshader|llvmpipe|lavapipe|basic render/i.test(adapterName(adapter))
}

/** Browsers leave fields empty that would tell too much of a visitor. */
function adapterName(adapter: GPUAdapter): string {
  const { description = '', device = '', vendor = '', architecture = '' } = infoOf(adapter)
  const maker = [vendor, architecture].filter((part) => part !== '').join(' ')
  const model = description !== '' ? description : device
  if (model === '') return maker === '' ? 'unnamed adapter' : maker
  return maker === '' ? model : `${model} (${maker})`
}

/** Older browsers have no such field. */
function infoOf(adapter: GPUAdapter): Partial<GPUAdapterInfo> {
  return (adapter as { info?: GPUAdapterInfo }).info ?? {}
}
