/**
 * How far a backend may be from the reference, declared once per operation.
 *
 * One metric: the largest absolute difference of an output tensor, divided by the root mean square of the
 * reference's output. The reference sums in float64 and rounds once; the bounds below are what float32
 * arithmetic in any order of summation needs, with room, and no more: a wrong constant or a skipped element
 * is far outside.
 */
import type { OpName } from '../backend.ts'

export interface Tolerance {
  /** Largest `max |candidate - reference| / rms(reference)`; 0 means equal bits (up to the sign of zero). */
  readonly bound: number
  /** Why it is not smaller. */
  readonly reason: string
}

export const tolerances: Readonly<Record<OpName, Tolerance>> = {
  embed: { bound: 0, reason: 'a copy: every bf16 and f16 is an f32' },
  selectRows: { bound: 0, reason: 'a copy' },
  add: { bound: 0, reason: 'one correctly rounded f32 addition' },
  rmsNorm: { bound: 4e-6, reason: 'f32 sum of up to 7,168 squares, one square root, two products' },
  linear: { bound: 1e-5, reason: 'f32 sum of up to 7,168 products in any order; 2^-24 * sqrt(7168) = 5e-6' },
  rope: { bound: 1e-6, reason: 'two f32 products and a sum; the larger input decides the rounding' },
  writeLatent: { bound: 4e-6, reason: 'rmsNorm and rope' },
  latentAttention: { bound: 2e-5, reason: 'four chained f32 sums; exp magnifies a score error by the score' },
  route: { bound: 4e-6, reason: 'sigmoid of an f32 sum; its slope is at most 1/4. Indices must be equal' },
  moe: { bound: 2e-5, reason: 'two chained f32 sums, exp, and the sum over experts' },
  siluMul: { bound: 1e-6, reason: 'exp to a few units in the last place' },
}
