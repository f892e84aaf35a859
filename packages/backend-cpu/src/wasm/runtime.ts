/** What every kernel file needs: memory, the compiled kernels, and checks of index tensors. */
import { type DType, IndexError, numel, type Tensor } from '@octoscale/tensor'
import type { Heap } from './heap.ts'
import type { Kernels } from './kernels.ts'

export interface Runtime {
  readonly heap: Heap
  readonly kernels: Kernels
}

/** How elements are stored: the numbers of `Kind` in `assembly/decode-run.ts`. */
const kinds: Readonly<Record<Exclude<DType, 'i32' | 'u8'>, number>> = {
  f32: 0,
  bf16: 1,
  f16: 2,
  f8_e4m3: 3,
  f8_e5m2: 4,
}

/** The number of a dtype that passed the checks of `checked()`. */
export function kindOf(dtype: DType): number {
  return kinds[dtype as keyof typeof kinds]
}

/** The values of an index tensor, each in `0 .. limit - 1`. Throws `IndexError`. A view: valid during the call. */
export function indices({ heap }: Runtime, op: string, name: string, t: Tensor, limit: number): Int32Array {
  const start = heap.address(t) / 4
  const values = heap.i32.subarray(start, start + numel(t.shape))
  for (const index of values) {
    if (index < 0 || index >= limit) throw new IndexError({ op, tensor: name, index, limit })
  }
  return values
}

/** Address of a vector of f32, bf16 or f16 as f32: its own, or that of a decoded copy in scratch. */
export function floats({ heap, kernels }: Runtime, t: Tensor): number {
  const source = heap.address(t)
  if (t.dtype === 'f32') return source
  const count = numel(t.shape)
  const copy = heap.scratch('floats', count * 4)
  kernels.decode(kindOf(t.dtype), source, count, 1, copy)
  return copy
}
