/** GPU memory under the contract: buffers of any byte length, written and read at any byte offset. */
import {
  type BufferHandle,
  type DType,
  type Memory,
  numel,
  OutOfMemoryError,
  type Tensor,
} from '@octoscale/tensor'
import { indexErrorOf, REPORT_BYTES } from '../wgsl/index-check.ts'
import { type DeviceBuffer, deviceBuffer } from './buffer.ts'
import type { Failures } from './failures.ts'
import { largestBuffer } from './open-device.ts'
import { patchWord } from './patch-word.ts'
import type { Recorder } from './recorder.ts'
import { MAP_READ, usage } from './usage.ts'

/** A queue copies what it is given; pieces keep that copy small. */
const MOST_PER_WRITE = 2 ** 24

export class DeviceMemory implements Memory {
  readonly #device: GPUDevice
  readonly #failures: Failures
  readonly #recorder: Recorder
  readonly #scratch = new Map<string, DeviceBuffer>()
  /** A buffer for reading that is not in use, kept for the next read. */
  #idle: GPUBuffer | undefined
  #made = 0

  constructor(device: GPUDevice, failures: Failures, recorder: Recorder) {
    this.#device = device
    this.#failures = failures
    this.#recorder = recorder
  }

  /** What is too large for the device is an `OutOfMemoryError` here; memory that is used up is one at the next read. */
  alloc(bytes: number, label: string): BufferHandle {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16)
    const largest = largestBuffer(this.#device.limits)
    if (size > largest) {
      const detail = `the largest buffer of this device has ${largest} bytes; use another device or backend`
      throw new OutOfMemoryError({ label, bytes, detail })
    }
    const flags = usage.storage | usage.copySource | usage.copyDestination
    const gpu = this.#failures.guard({ label, bytes }, () =>
      this.#device.createBuffer({ label, size, usage: flags }),
    )
    const buffer: DeviceBuffer = Object.freeze({ bytes, label, id: this.#made++, gpu })
    return buffer
  }

  /** Refused after a failure that is known: who loads gigabytes need not read on until somebody asks for numbers. */
  write(handle: BufferHandle, data: Uint8Array, offset = 0): void {
    this.#failures.throwKnown()
    const buffer = deviceBuffer(handle)
    const end = offset + data.byteLength
    // Whole words go through the queue; parts of a word at either end are patched in on the device.
    const first = Math.min(Math.ceil(offset / 4) * 4, end)
    const last = Math.max(first, Math.floor(end / 4) * 4)
    if (first > offset) patchWord(this.#recorder, buffer, offset, data.subarray(0, first - offset))
    this.#recorder.flush()
    this.#failures.guard({ label: `writing to ${buffer.label}`, bytes: data.byteLength }, () => {
      for (let at = first; at < last; at += MOST_PER_WRITE) {
        const piece = data.subarray(at - offset, Math.min(last, at + MOST_PER_WRITE) - offset)
        this.#device.queue.writeBuffer(buffer.gpu, at, piece as Uint8Array<ArrayBuffer>)
      }
    })
    if (end > last) patchWord(this.#recorder, buffer, last, data.subarray(last - offset))
  }

  /** Copies are recorded at the call, so that it sees everything before it and nothing after. */
  async read(handle: BufferHandle, offset = 0, bytes: number = handle.bytes - offset): Promise<Uint8Array> {
    const start = Math.floor(offset / 4) * 4
    const length = Math.ceil((offset + bytes) / 4) * 4 - start
    const staging = this.#takeStaging(REPORT_BYTES + length)
    const { report } = this.#recorder
    this.#recorder.record((encoder) => {
      encoder.copyBufferToBuffer(report, 0, staging, 0, REPORT_BYTES)
      encoder.clearBuffer(report)
      if (length > 0)
        encoder.copyBufferToBuffer(deviceBuffer(handle).gpu, start, staging, REPORT_BYTES, length)
    })
    this.#recorder.flush()
    try {
      await this.#failures.data(staging.mapAsync(MAP_READ, 0, REPORT_BYTES + length))
      const mapped = staging.getMappedRange(0, REPORT_BYTES + length)
      const error = indexErrorOf(mapped.slice(0, REPORT_BYTES))
      if (error !== undefined) throw error
      const skipped = REPORT_BYTES + offset - start
      return new Uint8Array(mapped.slice(skipped, skipped + bytes))
    } finally {
      this.#giveStaging(staging)
    }
  }

  free(handle: BufferHandle): void {
    this.#recorder.release()
    deviceBuffer(handle).gpu.destroy()
  }

  /** Everything made on a device goes with it. */
  dispose(): void {
    this.#device.destroy()
  }

  /**
   * A tensor of working memory, contents undefined. Those of one name share a buffer, which grows when a larger one is
   * asked for and is kept, so calls of known sizes allocate nothing.
   */
  scratch(name: string, dtype: DType, shape: readonly number[]): Tensor {
    const bytes = numel(shape) * 4
    let buffer = this.#scratch.get(name)
    if (buffer === undefined || buffer.bytes < bytes) {
      const larger = deviceBuffer(this.alloc(bytes, `scratch of ${name}`))
      if (buffer !== undefined) this.free(buffer)
      this.#scratch.set(name, larger)
      buffer = larger
    }
    return { buffer, dtype, shape, offset: 0 }
  }

  #takeStaging(bytes: number): GPUBuffer {
    const idle = this.#idle
    this.#idle = undefined
    if (idle !== undefined && idle.size >= bytes) return idle
    idle?.destroy()
    const size = Math.max(65536, bytes)
    return this.#failures.guard({ label: 'a read', bytes }, () =>
      this.#device.createBuffer({ label: 'staging', size, usage: usage.mapRead | usage.copyDestination }),
    )
  }

  #giveStaging(staging: GPUBuffer): void {
    if (staging.mapState === 'mapped') staging.unmap()
    // A large one would keep memory from everything else.
    if (this.#idle === undefined && staging.size <= MOST_PER_WRITE) this.#idle = staging
    else staging.destroy()
  }
}
