import type { RmsNormArgs } from '@octoscale/tensor'
import { f32 } from '../fields.ts'
import { kindOf } from '../kinds.ts'
import { opcodes } from '../opcodes.ts'
import { ownScratch, type Runtime } from '../runtime.ts'

/** `residual += x` if there is one, then each row of it (or of `x`) normalized. */
export function rmsNorm(runtime: Runtime, { x, residual, weight, epsilon, out }: RmsNormArgs): void {
  const { heap, recorder } = runtime
  const [tokens = 0, hidden = 0] = x.shape
  recorder.op(opcodes.rmsNorm, [
    heap.address(x),
    residual === undefined ? 0 : heap.address(residual),
    kindOf(weight.dtype),
    heap.address(weight),
    f32(epsilon),
    tokens,
    hidden,
    heap.address(out),
    ...ownScratch(runtime, 'floats', hidden * 4),
  ])
}
