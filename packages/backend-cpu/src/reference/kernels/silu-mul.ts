import type { SiluMulArgs } from '@octoscale/tensor'
import type { ReferenceMemory } from '../memory.ts'

/** `silu(v) = v * sigmoid(v) = v / (1 + exp(-v))`. Where `exp` overflows the result is -0, the right limit. */
export function silu(v: number): number {
  return v / (1 + Math.exp(-v))
}

/** `out = silu(gate) * up`. */
export function siluMul(memory: ReferenceMemory, args: SiluMulArgs): void {
  const gate = memory.f32(args.gate)
  const up = memory.f32(args.up)
  const out = memory.f32(args.out)
  for (let i = 0; i < out.length; i++) out[i] = silu(gate[i]!) * up[i]!
}
