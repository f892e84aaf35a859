/** The operations that read an index tensor, each as a small call with one index to fill in. */
import type { Backend, OpName } from '../backend.ts'
import type { DType } from '../dtype.ts'
import type { Tensor } from '../tensor.ts'
import { allocTensor, writeTensor } from '../transfer.ts'

export interface IndexedOp {
  readonly name: OpName
  /** Indices must be in `0 .. limit - 1`. */
  readonly limit: number
  run(backend: Backend, index: number): void
}

function zeros(backend: Backend, shape: readonly number[], dtype: DType = 'f32'): Tensor {
  return allocTensor(backend, dtype, shape, 'zeros')
}

/** Two indices: a good one, then `index`. */
function two(backend: Backend, index: number, shape: readonly number[] = [2]): Tensor {
  const made = zeros(backend, shape, 'i32')
  writeTensor(backend, made, Int32Array.of(0, index))
  return made
}

export const indexedOps: readonly IndexedOp[] = [
  {
    name: 'embed',
    limit: 5,
    run: (backend, index) =>
      backend.ops.embed({
        ids: two(backend, index),
        table: zeros(backend, [5, 8]),
        out: zeros(backend, [2, 8]),
      }),
  },
  {
    name: 'selectRows',
    limit: 3,
    run: (backend, index) =>
      backend.ops.selectRows({
        x: zeros(backend, [3, 8]),
        rows: two(backend, index),
        out: zeros(backend, [2, 8]),
      }),
  },
  {
    name: 'rope',
    limit: 6,
    run: (backend, index) =>
      backend.ops.rope({
        pairs: 'interleaved',
        x: zeros(backend, [2, 1, 4]),
        positions: two(backend, index),
        table: zeros(backend, [6, 2, 2]),
      }),
  },
  {
    name: 'writeLatent',
    // The smaller of the table's positions (9) and the cache's capacity.
    limit: 4,
    run: (backend, index) =>
      backend.ops.writeLatent({
        kv: zeros(backend, [2, 12]),
        weight: zeros(backend, [8]),
        epsilon: 1e-6,
        positions: two(backend, index),
        table: zeros(backend, [9, 2, 2]),
        cache: zeros(backend, [4, 12]),
      }),
  },
  {
    name: 'latentAttention',
    limit: 7,
    run: (backend, index) =>
      backend.ops.latentAttention({
        q: zeros(backend, [2, 1, 8]),
        kvB: zeros(backend, [8, 8]),
        cache: zeros(backend, [7, 12]),
        positions: two(backend, index),
        scale: 1,
        out: zeros(backend, [2, 1, 4]),
      }),
  },
  {
    name: 'writeKv',
    limit: 4,
    run: (backend, index) =>
      backend.ops.writeKv({
        k: zeros(backend, [2, 1, 8]),
        v: zeros(backend, [2, 1, 4]),
        positions: two(backend, index),
        keys: zeros(backend, [4, 1, 8]),
        values: zeros(backend, [4, 1, 4]),
      }),
  },
  {
    name: 'attention',
    limit: 7,
    run: (backend, index) =>
      backend.ops.attention({
        q: zeros(backend, [2, 2, 8]),
        keys: zeros(backend, [7, 1, 8]),
        values: zeros(backend, [7, 1, 4]),
        positions: two(backend, index),
        scale: 1,
        out: zeros(backend, [2, 2, 4]),
      }),
  },
  {
    name: 'moe',
    limit: 1,
    run: (backend, index) => {
      const expert = {
        gate: zeros(backend, [4, 8]),
        up: zeros(backend, [4, 8]),
        down: zeros(backend, [8, 4]),
      }
      backend.ops.moe({
        x: zeros(backend, [1, 8]),
        indices: two(backend, index, [1, 2]),
        weights: zeros(backend, [1, 2]),
        experts: [expert],
        out: zeros(backend, [1, 8]),
      })
    },
  },
]
