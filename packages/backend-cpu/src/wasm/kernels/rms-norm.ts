import type { RmsNormArgs } from '@octoscale/tensor'
import { floats, type Runtime } from '../runtime.ts'

/** `residual += x` if there is one, then each row of it (or of `x`) normalized. */
export function rmsNorm(runtime: Runtime, { x, residual, weight, epsilon, out }: RmsNormArgs): void {
  const { heap, kernels } = runtime
  const [tokens = 0, hidden = 0] = x.shape
  const sum = residual === undefined ? 0 : heap.address(residual)
  kernels.rmsNorm(heap.address(x), sum, floats(runtime, weight), epsilon, tokens, hidden, heap.address(out))
}
