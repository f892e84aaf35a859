import type { AddArgs } from '@octoscale/tensor'
import type { ReferenceMemory } from '../memory.ts'

/** `out = a + b`; a row `b` again for each row of `a`. */
export function add(memory: ReferenceMemory, args: AddArgs): void {
  const a = memory.f32(args.a)
  const b = memory.f32(args.b)
  const out = memory.f32(args.out)
  for (let i = 0; i < out.length; i++) out[i] = a[i]! + b[i % b.length]!
}
