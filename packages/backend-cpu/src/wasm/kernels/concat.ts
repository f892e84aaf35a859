import type { ConcatArgs } from '@octoscale/tensor'
import type { Runtime } from '../runtime.ts'

/** `out[t] = [a[t] | b[t]]`. */
export function concat({ heap, kernels }: Runtime, { a, b, out }: ConcatArgs): void {
  const [tokens, left] = a.shape as [number, number]
  const right = b.shape[1]!
  const stride = 4 * (left + right)
  const target = heap.address(out)
  kernels.copyRows(heap.address(a), 4 * left, target, stride, tokens, 4 * left)
  kernels.copyRows(heap.address(b), 4 * right, target + 4 * left, stride, tokens, 4 * right)
}
