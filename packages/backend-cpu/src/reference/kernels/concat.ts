import type { ConcatArgs } from '@octoscale/tensor'
import type { ReferenceMemory } from '../memory.ts'

/** `out[t] = [a[t] | b[t]]`. */
export function concat(memory: ReferenceMemory, { a, b, out }: ConcatArgs): void {
  const [tokens = 0, left = 0] = a.shape
  const [, right = 0] = b.shape
  const [first, second, result] = [memory.f32(a), memory.f32(b), memory.f32(out)]
  for (let t = 0; t < tokens; t++) {
    result.set(first.subarray(t * left, (t + 1) * left), t * (left + right))
    result.set(second.subarray(t * right, (t + 1) * right), t * (left + right) + left)
  }
}
