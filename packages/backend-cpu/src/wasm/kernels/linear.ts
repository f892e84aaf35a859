import type { LinearArgs } from '@octoscale/tensor'
import { multiply } from '../matrix.ts'
import type { Runtime } from '../runtime.ts'

/** `out[t, o] = sum_i x[t, i] * weight[o, i]`. */
export function linear(runtime: Runtime, { x, weight, out }: LinearArgs): void {
  const { heap } = runtime
  multiply(runtime, weight, heap.address(x), x.shape[0]!, heap.address(out))
}
