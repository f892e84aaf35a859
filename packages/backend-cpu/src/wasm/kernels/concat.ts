import type { ConcatArgs } from '@octoscale/tensor'
import { opcodes } from '../opcodes.ts'
import type { Runtime } from '../runtime.ts'

/** `out[t] = [a[t] | b[t]]`. */
export function concat({ heap, recorder }: Runtime, { a, b, out }: ConcatArgs): void {
  const [tokens, left] = a.shape as [number, number]
  const right = b.shape[1]!
  const [from, then] = [heap.address(a), heap.address(b)]
  recorder.op(opcodes.concat, [tokens, from, 4 * left, then, 4 * right, heap.address(out)])
}
