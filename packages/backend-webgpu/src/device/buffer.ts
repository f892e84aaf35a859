/** A piece of GPU memory, as the backend knows it behind the opaque handle. */
import type { BufferHandle } from '@octoscale/tensor'

export interface DeviceBuffer extends BufferHandle {
  /** Distinct for all buffers of a backend, also freed ones: keys of bind groups are made of it. */
  readonly id: number
  /** Its size is `bytes` rounded up to a multiple of 16, at least 16. */
  readonly gpu: GPUBuffer
}

/** What stands behind a handle: `checked()` has made sure that it came from this backend's `alloc`. */
export function deviceBuffer(handle: BufferHandle): DeviceBuffer {
  return handle as DeviceBuffer
}
