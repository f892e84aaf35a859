/** The fast CPU backend: WebAssembly SIMD kernels (`assembly/`) over one growing memory. */
import { ArgumentError, type Backend, checked, type Ops } from '@octoscale/tensor'
import { Heap } from './heap.ts'
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
import { createMemory, instantiateKernels } from './kernels.ts'
import type { Runtime } from './runtime.ts'

/**
 * A backend with a WebAssembly memory of its own, at most 4 GiB, with arguments checked. Numerics are the
 * policy `exact`: weights decoded exactly, activations and sums in f32. One thread; operations are done when
 * the call returns. Throws `DeviceError` where the runtime lacks WebAssembly SIMD.
 */
export async function createWasmBackend(): Promise<Backend> {
  const memory = createMemory()
  const kernels = await instantiateKernels(memory)
  return checked(backendOf({ heap: new Heap(memory, kernels.heapBase.value), kernels }))
}

/** @internal The backend without checks of arguments; for tests. */
export function backendOf(start: Runtime): Backend {
  // Dropped by `dispose`, so that the memory goes even while somebody still holds the backend.
  let current: Runtime | undefined = start
  const runtime = (op: string): Runtime => {
    if (current !== undefined) return current
    throw new ArgumentError({ op, argument: 'backend', expected: 'in use', got: 'one that is disposed' })
  }
  const ops: Ops = {
    embed: (args) => embed(runtime('embed'), args),
    rmsNorm: (args) => rmsNorm(runtime('rmsNorm'), args),
    linear: (args) => linear(runtime('linear'), args),
    rope: (args) => rope(runtime('rope'), args),
    writeLatent: (args) => writeLatent(runtime('writeLatent'), args),
    latentAttention: (args) => latentAttention(runtime('latentAttention'), args),
    writeKv: (args) => writeKv(runtime('writeKv'), args),
    attention: (args) => attention(runtime('attention'), args),
    route: (args) => route(runtime('route'), args),
    moe: (args) => moe(runtime('moe'), args),
    siluMul: (args) => siluMul(runtime('siluMul'), args),
    add: (args) => add(runtime('add'), args),
    concat: (args) => concat(runtime('concat'), args),
    selectRows: (args) => selectRows(runtime('selectRows'), args),
  }
  return {
    info: { name: 'wasm', detail: 'WebAssembly SIMD; one thread; exact weights, f32 sums', policy: 'exact' },
    ops,
    alloc: (bytes, label) => runtime('alloc').heap.alloc(bytes, label),
    write(buffer, data, offset = 0) {
      const { heap } = runtime('write')
      heap.u8.set(data, heap.addressOf('write', buffer) + offset)
    },
    async read(buffer, offset = 0, bytes = buffer.bytes - offset) {
      const { heap } = runtime('read')
      const start = heap.addressOf('read', buffer) + offset
      return heap.u8.slice(start, start + bytes)
    },
    free: (buffer) => runtime('free').heap.free(buffer),
    dispose: () => {
      current = undefined
    },
  }
}
