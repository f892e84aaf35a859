/**
 * The reference backend: plain loops, every sum in float64, each result rounded once to f32. It is the
 * definition of every operation and the oracle of every other backend's tests, never the fast one.
 */
import { type Backend, checked, type Ops, type Policy } from '@octoscale/tensor'
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
import { ReferenceMemory } from './memory.ts'

export interface ReferenceOptions {
  /** Default: `exact`. */
  readonly policy?: Policy
}

/** A backend of its own memory, with arguments checked. Works everywhere, needs nothing. */
export function createReferenceBackend({ policy = 'exact' }: ReferenceOptions = {}): Backend {
  const memory = new ReferenceMemory()
  const ops: Ops = {
    embed: (args) => embed(memory, args),
    rmsNorm: (args) => rmsNorm(memory, args),
    linear: (args) => linear(memory, policy, args),
    rope: (args) => rope(memory, args),
    writeLatent: (args) => writeLatent(memory, args),
    latentAttention: (args) => latentAttention(memory, args),
    writeKv: (args) => writeKv(memory, args),
    attention: (args) => attention(memory, args),
    route: (args) => route(memory, args),
    moe: (args) => moe(memory, policy, args),
    siluMul: (args) => siluMul(memory, args),
    add: (args) => add(memory, args),
    concat: (args) => concat(memory, args),
    selectRows: (args) => selectRows(memory, args),
  }
  return checked({
    info: { name: 'reference', detail: 'plain TypeScript, float64 sums; exact and slow', policy },
    ops,
    alloc: (bytes, label) => memory.alloc(bytes, label),
    write: (buffer, data, offset) => memory.write(buffer, data, offset),
    read: (buffer, offset, bytes) => memory.read(buffer, offset, bytes),
    free: (buffer) => memory.free(buffer),
    dispose: () => memory.dispose(),
  })
}
