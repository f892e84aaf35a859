/** From codes with scales to dense values, for backends that have no use for the codes. */
import { dequantize, f32ToBf16Array } from '@octoscale/fp8-core'
import { type HostTensor, type HostWeight, isBlockScaledArray } from '../host.ts'

/**
 * The weight as a dense tensor; one that is dense already comes back itself, whatever its dtype.
 *
 * `f32` is `dequantize` of `@octoscale/fp8-core`. `bf16` rounds that to the nearest, ties to even: exact for FP4 and FP8
 * codes with power-of-two scales as long as nothing leaves the range of normal numbers, else with an error of up to 2^-9 of
 * the value. Takes 4 or 2 bytes for each code, for bf16 4 more while it runs.
 */
export function dequantizeWeight(weight: HostWeight, dtype: 'f32' | 'bf16'): HostTensor {
  if (!isBlockScaledArray(weight)) return weight
  const values = dequantize(weight)
  const stored = dtype === 'f32' ? values : f32ToBf16Array(values)
  return {
    dtype,
    shape: weight.shape,
    data: new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength),
  }
}
