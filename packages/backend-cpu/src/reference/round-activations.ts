/** What a policy does to the two sides of a product. */
import { dequantize, quantize, recipes } from '@octoscale/fp8-core'
import { isBlockScaled, type Policy, type Weight } from '@octoscale/tensor'
import { roundVector, roundWeightRow } from './int8.ts'
import type { RowReader } from './memory.ts'

/**
 * `x`, `[tokens, inputs]`: under `fp8` and with a weight in FP8 as E4M3 in groups of 128 with power-of-two scales
 * would hold it, under `int8` as `int8.ts` says; `x` itself under `exact`.
 */
export function roundActivations(
  policy: Policy,
  weight: Weight,
  x: Float32Array,
  tokens: number,
): Float32Array | Float64Array {
  if (policy === 'int8') {
    const width = x.length / tokens
    const rounded = new Float64Array(x.length)
    for (let i = 0; i < x.length; i += width) rounded.set(roundVector(x.subarray(i, i + width)), i)
    return rounded
  }
  if (policy === 'exact' || !isBlockScaled(weight) || weight.codes.dtype === 'i8') return x
  // Exact in f32: four significant bits times a power of two.
  return dequantize(quantize(x, [tokens, x.length / tokens], recipes.deepseekActivationUe8m0))
}

/** The rows of a weight as the policy multiplies with them: under `int8` i8 codes stay what they are. */
export function roundWeight(policy: Policy, weight: Weight, reader: RowReader): RowReader {
  const integers = isBlockScaled(weight) && weight.codes.dtype === 'i8'
  return policy === 'int8' && !integers ? { ...reader, row: (r) => roundWeightRow(reader.row(r)) } : reader
}
