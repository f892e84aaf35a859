import { numel, type SiluMulArgs } from '@octoscale/tensor'
import type { Runtime } from '../runtime.ts'

/** `out = silu(gate) * up`. */
export function siluMul({ heap, kernels }: Runtime, { gate, up, out }: SiluMulArgs): void {
  kernels.siluMul(heap.address(gate), heap.address(up), numel(out.shape), heap.address(out))
}
