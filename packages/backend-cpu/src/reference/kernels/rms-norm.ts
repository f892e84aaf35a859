import type { RmsNormArgs } from '@octoscale/tensor'
import type { ReferenceMemory } from '../memory.ts'

/** `out[i] = weight[i] * x[i] / sqrt(mean_i(x[i]^2) + epsilon)` over one row; `out` may be `x`. */
export function normalizeRow(
  x: Float32Array,
  weight: Float32Array,
  epsilon: number,
  out: Float32Array,
): void {
  let squares = 0
  for (const value of x) squares += value * value
  const factor = 1 / Math.sqrt(squares / x.length + epsilon)
  for (let i = 0; i < x.length; i++) out[i] = weight[i]! * x[i]! * factor
}

/** `residual += x` if there is one, then each row of it (or of `x`) normalized. */
export function rmsNorm(memory: ReferenceMemory, args: RmsNormArgs): void {
  const [tokens = 0, hidden = 0] = args.x.shape
  const x = memory.f32(args.x)
  const weight = memory.floats(args.weight)
  const out = memory.f32(args.out)
  let source = x
  if (args.residual !== undefined) {
    source = memory.f32(args.residual)
    for (let i = 0; i < x.length; i++) source[i]! += x[i]!
  }
  for (let t = 0; t < tokens; t++) {
    const [start, end] = [t * hidden, (t + 1) * hidden]
    normalizeRow(source.subarray(start, end), weight, args.epsilon, out.subarray(start, end))
  }
}
