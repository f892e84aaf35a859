import type { LinearArgs, Policy } from '@octoscale/tensor'
import type { ReferenceMemory } from '../memory.ts'
import { roundActivations, roundWeight } from '../round-activations.ts'

/** `sum_i a[aStart + i] * b[i]` over all of `b`, in float64. */
export function dot(a: Float32Array | Float64Array, aStart: number, b: Float32Array | Float64Array): number {
  let sum = 0
  for (let i = 0; i < b.length; i++) sum += a[aStart + i]! * b[i]!
  return sum
}

/** `out[t, o] = sum_i x[t, i] * weight[o, i]`; what a policy rounds first is said in `round-activations.ts`. */
export function linear(memory: ReferenceMemory, policy: Policy, { x, weight, out }: LinearArgs): void {
  const [tokens = 0, inputs = 0] = x.shape
  const { rows: outputs, row } = roundWeight(policy, weight, memory.weight(weight))
  const input = roundActivations(policy, weight, memory.f32(x), tokens)
  const result = memory.f32(out)
  for (let o = 0; o < outputs; o++) {
    const values = row(o)
    for (let t = 0; t < tokens; t++) result[t * outputs + o] = dot(input, t * inputs, values)
  }
}
