/** The fast CPU backend: WebAssembly SIMD kernels (`assembly/`) over one growing memory, on several threads. */
import { ArgumentError, type Backend, checked, type Ops } from '@octoscale/tensor'
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
import type { Runtime } from './runtime.ts'
import { type Started, start, type WasmOptions } from './start.ts'

/**
 * A backend with a WebAssembly memory of its own, at most 4 GiB, with arguments checked. The same bits for any number of
 * threads, with and without relaxed SIMD.
 * Throws `DeviceError` where the runtime lacks WebAssembly SIMD. Where threads are not possible there is one, and
 * `info.detail` says why. When a thread dies, reads and operations throw `DeviceError`.
 */
export async function createWasmBackend(options: WasmOptions = {}): Promise<Backend> {
  return checked(backendOf(await start(options)))
}

/** @internal The backend without checks of arguments; for tests. */
export function backendOf({ runtime: first, detail, end }: Started): Backend {
  // Dropped by `dispose`, so that the memory goes even while somebody still holds the backend.
  let current: Runtime | undefined = first
  const disposed = (op: string) =>
    new ArgumentError({ op, argument: 'backend', expected: 'in use', got: 'one that is disposed' })
  const runtime = (op: string): Runtime => {
    if (current !== undefined) return current
    throw disposed(op)
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
    info: { name: 'wasm', detail, policy: first.policy },
    ops,
    alloc: (bytes, label) => runtime('alloc').heap.alloc(bytes, label),
    write(buffer, data, offset = 0) {
      const { heap, recorder, weights } = runtime('write')
      weights.changed(buffer, offset, offset + data.byteLength)
      recorder.write(heap.addressOf('write', buffer) + offset, data)
    },
    async read(buffer, offset = 0, bytes = buffer.bytes - offset, signal = undefined) {
      const { heap, recorder } = runtime('read')
      const copy = recorder.read(heap.addressOf('read', buffer) + offset, bytes)
      if (signal === undefined) return copy
      const cancel = () => recorder.cancel(signal.reason)
      signal.addEventListener('abort', cancel)
      return copy.finally(() => signal.removeEventListener('abort', cancel))
    },
    free(buffer) {
      const { heap, weights } = runtime('free')
      // The heap first: it knows whether there is such a buffer.
      heap.free(buffer)
      weights.forget(buffer)
    },
    dispose() {
      const last = current
      current = undefined
      end()
      last?.recorder.dispose(disposed('read'))
    },
  }
}
