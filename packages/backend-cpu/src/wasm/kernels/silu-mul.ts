import { numel, type SiluMulArgs } from '@octoscale/tensor'
import { opcodes } from '../opcodes.ts'
import type { Runtime } from '../runtime.ts'

/** `out = silu(gate) * up`. */
export function siluMul({ heap, recorder }: Runtime, { gate, up, out }: SiluMulArgs): void {
  const count = numel(out.shape)
  recorder.op(opcodes.siluMul, [heap.address(gate), heap.address(up), count, heap.address(out)])
}
