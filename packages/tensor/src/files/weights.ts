/** A single weight as DeepSeek's checkpoints store it; `weightsOf` knows the other layouts. */
import type { HostWeight } from '../host.ts'
import { deepseekBlock, deepseekScheme } from '../layouts/deepseek.ts'
import { readDense } from '../layouts/read-dense.ts'
import { readScaled } from '../layouts/scaled-weight.ts'
import type { TensorReader } from './tensor-reader.ts'

export interface ReadWeightOptions {
  /** `weight_block_size` of the model's `quantization_config`; default `[128, 128]`. */
  readonly block?: readonly [number, number]
}

/**
 * Reads the tensor `name` (with its `.weight`). F32, BF16, F16 and I32 come back dense as stored. F8_E4M3 and
 * F8_E5M2 come back with their scales, which are the tensor `<name>_scale_inv`: in spite of the name the
 * multiplier, `[ceil(rows / block[0]), ceil(columns / block[1])]`. F32 scales are kept as they are;
 * `recipe.scale` is `ue8m0` only if all are powers of two.
 *
 * Throws `FormatError` when a tensor is missing, of another dtype, or the scales have another shape or are not
 * finite; `FileReadError`.
 */
export async function readWeight(
  checkpoint: TensorReader,
  name: string,
  { block = deepseekBlock }: ReadWeightOptions = {},
): Promise<HostWeight> {
  const { dtype } = await checkpoint.info(name)
  if (!dtype.startsWith('F8_E') || dtype === 'F8_E8M0') return readDense(checkpoint, name)
  return readScaled(checkpoint, { name, codes: name, scales: `${name}_scale_inv` }, deepseekScheme(block))
}
