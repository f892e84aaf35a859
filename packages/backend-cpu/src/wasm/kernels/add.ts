import { type AddArgs, numel } from '@octoscale/tensor'
import { opcodes } from '../opcodes.ts'
import type { Runtime } from '../runtime.ts'

/** `out = a + b`; a row `b` again for each row of `a`. */
export function add({ heap, recorder }: Runtime, { a, b, out }: AddArgs): void {
  const [count, columns] = [numel(out.shape), numel(b.shape)]
  recorder.op(opcodes.add, [heap.address(a), heap.address(b), count / columns, columns, heap.address(out)])
}
