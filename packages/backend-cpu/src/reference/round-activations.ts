/** What the policy `fp8` does to the input of a product with a block-scaled weight. */
import { dequantize, quantize, recipes } from '@octoscale/fp8-core'
import { isBlockScaled, type Policy, type Weight } from '@octoscale/tensor'

/** `x`, `[tokens, inputs]`, as E4M3 in groups of 128 with power-of-two scales would hold it; `x` itself under `exact`. */
export function roundActivations(
  policy: Policy,
  weight: Weight,
  x: Float32Array,
  tokens: number,
): Float32Array {
  if (policy === 'exact' || !isBlockScaled(weight)) return x
  // Exact in f32: four significant bits times a power of two.
  return dequantize(quantize(x, [tokens, x.length / tokens], recipes.deepseekActivationUe8m0))
}
