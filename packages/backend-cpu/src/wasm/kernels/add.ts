import { type AddArgs, numel } from '@octoscale/tensor'
import type { Runtime } from '../runtime.ts'

/** `out = a + b`. */
export function add({ heap, kernels }: Runtime, { a, b, out }: AddArgs): void {
  kernels.add(heap.address(a), heap.address(b), numel(out.shape), heap.address(out))
}
