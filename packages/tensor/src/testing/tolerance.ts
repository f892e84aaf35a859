/**
 * How far a backend may be from the reference of the same policy, declared once per policy and operation.
 *
 * One metric: the largest absolute difference of an output tensor, divided by the root mean square of the
 * reference's output. The reference sums in float64 and rounds once; the bounds below are what float32
 * arithmetic in any order of summation needs, with room, and no more: a wrong constant or a skipped element
 * is far outside.
 *
 * Caches in fewer bits add nothing to these: cases of attention are given the stored bytes, which decode to f32 exactly;
 * what `writeKv` stores is rounded from given values, which is exact to the bit; what `writeLatent` stores must be what some
 * f32 value within its bound rounds to (`acceptRounded`). Nor do i8 weights: their products with scales are exact, and the
 * sum with the minimum is one rounding, so that they are f32 numbers like others.
 */
import type { OpName, Policy } from '../backend.ts'

export interface Tolerance {
  /** Largest `max |candidate - reference| / rms(reference)`; 0 means equal bits (up to the sign of zero). */
  readonly bound: number
  /** Why it is not smaller. */
  readonly reason: string
}

const exact: Readonly<Record<OpName, Tolerance>> = {
  embed: { bound: 0, reason: 'a copy: every bf16 and f16 is an f32; a code times its scale is rounded once' },
  selectRows: { bound: 0, reason: 'a copy' },
  add: { bound: 0, reason: 'one correctly rounded f32 addition' },
  rmsNorm: { bound: 4e-6, reason: 'f32 sum of up to 7,168 squares, one square root, two products' },
  linear: { bound: 1e-5, reason: 'f32 sum of up to 7,168 products in any order; 2^-24 * sqrt(7168) = 5e-6' },
  rope: { bound: 1e-6, reason: 'two f32 products and a sum; the larger input decides the rounding' },
  writeLatent: { bound: 4e-6, reason: 'rmsNorm and rope; fewer bits are what a value so near rounds to' },
  latentAttention: { bound: 2e-5, reason: 'four chained f32 sums; exp magnifies a score error by the score' },
  writeKv: { bound: 0, reason: 'a copy, or the one rounding of a given value' },
  attention: { bound: 1e-5, reason: 'two f32 sums; exp magnifies a score error by the score' },
  concat: { bound: 0, reason: 'a copy' },
  route: {
    bound: 4e-6,
    reason: 'sigmoid or softmax of an f32 sum, slope at most 1/4. Indices must be equal',
  },
  moe: { bound: 2e-5, reason: 'two chained f32 sums, exp, and the sum over experts' },
  siluMul: { bound: 1e-6, reason: 'exp to a few units in the last place' },
}

/**
 * Under `fp8` the inputs of a case are rounded to the same codes by both, and the sums are as exact as before. The inner
 * activations of `moe` are sums themselves: one that falls on the other side of a rounding boundary moves by 2^-3 of
 * itself, one of `intermediate` terms of the next sum. Under `int8` likewise, by 1/127 of the range of its block.
 */
export const tolerances: Readonly<Record<Policy, Readonly<Record<OpName, Tolerance>>>> = {
  exact,
  fp8: {
    ...exact,
    moe: { bound: 0.05, reason: 'an inner activation may round to the neighbouring E4M3 code' },
  },
  int8: {
    ...exact,
    moe: { bound: 0.02, reason: 'an inner activation may round to the neighbouring one of 128 codes' },
  },
}
