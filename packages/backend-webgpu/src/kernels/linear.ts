import type { LinearArgs } from '@octoscale/tensor'
import { multiply } from '../multiply.ts'
import type { Runtime } from '../runtime.ts'

/** `out[t, o] = sum_i x[t, i] * weight[o, i]`. */
export function linear(runtime: Runtime, { x, weight, out }: LinearArgs): void {
  multiply(runtime, x, weight, out)
}
