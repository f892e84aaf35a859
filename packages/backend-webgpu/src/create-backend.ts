import { type Backend, checked, type Ops } from '@octoscale/tensor'
import { findGpu } from './device/find-gpu.ts'
import { type DeviceOptions, type OpenDevice, openDevice } from './device/open-device.ts'
import { add } from './kernels/add.ts'
import { attention } from './kernels/attention.ts'
import { concat } from './kernels/concat.ts'
import { embed } from './kernels/embed.ts'
import { latentAttention } from './kernels/latent-attention.ts'
import { linear } from './kernels/linear.ts'
import { moe } from './kernels/moe.ts'
import { rmsNorm } from './kernels/rms-norm.ts'
import { rope } from './kernels/rope.ts'
import { route } from './kernels/route.ts'
import { selectRows } from './kernels/select-rows.ts'
import { siluMul } from './kernels/silu-mul.ts'
import { writeKv } from './kernels/write-kv.ts'
import { writeLatent } from './kernels/write-latent.ts'
import { runtimeOnDevice } from './runtime-on-device.ts'

export interface WebgpuOptions extends DeviceOptions {
  /** WebGPU's entry point. Default: `navigator.gpu`; in Node without it, that of the package `webgpu`. */
  readonly gpu?: GPU | undefined
}

/**
 * A backend on a GPU device of its own, with arguments checked. Numerics are the policy `exact`: weights stay as they
 * are stored and are decoded exactly in the kernels, activations and sums are f32.
 *
 * Operations are recorded; `read` waits for them. A bad index is an `IndexError` at the next `read`; a lost device, a
 * fault on the device and memory that is used up are a `DeviceError` or `OutOfMemoryError` at every `read` after it,
 * and at every `write` once it is known.
 * Throws `DeviceError` that says what is missing: WebGPU, an adapter, limits that suffice.
 */
export async function createWebgpuBackend(options: WebgpuOptions = {}): Promise<Backend> {
  const gpu = options.gpu ?? findGpu()
  const backend = backendOf(await openDevice(gpu, options))
  // In Node the device lives only as long as its entry point: the closure holds it until `dispose`.
  let held: GPU | undefined = gpu
  const dispose = (): void => {
    backend.dispose()
    held = undefined
  }
  return checked({ ...backend, dispose: () => (held === undefined ? undefined : dispose()) })
}

/** The backend without checks of arguments; for tests. */
export function backendOf({ device, detail }: OpenDevice): Backend {
  const { memory, runtime } = runtimeOnDevice(device)
  const ops: Ops = {
    embed: (args) => embed(runtime, args),
    rmsNorm: (args) => rmsNorm(runtime, args),
    linear: (args) => linear(runtime, args),
    rope: (args) => rope(runtime, args),
    writeLatent: (args) => writeLatent(runtime, args),
    latentAttention: (args) => latentAttention(runtime, args),
    writeKv: (args) => writeKv(runtime, args),
    attention: (args) => attention(runtime, args),
    route: (args) => route(runtime, args),
    moe: (args) => moe(runtime, args),
    siluMul: (args) => siluMul(runtime, args),
    add: (args) => add(runtime, args),
    concat: (args) => concat(runtime, args),
    selectRows: (args) => selectRows(runtime, args),
  }
  return {
    info: { name: 'webgpu', detail, policy: 'exact' },
    ops,
    alloc: (bytes, label) => memory.alloc(bytes, label),
    write: (buffer, data, offset) => memory.write(buffer, data, offset),
    read: (buffer, offset, bytes) => memory.read(buffer, offset, bytes),
    free: (buffer) => memory.free(buffer),
    dispose: () => memory.dispose(),
  }
}
