/** A model's weights as DeepSeek's checkpoints store them: dense, or FP8 codes with a tensor of block scales. */
import { type BlockScaledArray, findNotPowerOfTwo, formats, recipes } from '@octoscale/fp8-core'
import type { DType } from '../dtype.ts'
import { FormatError } from '../errors.ts'
import type { HostWeight } from '../host.ts'
import { shapeText } from '../views.ts'
import type { StoredTensor } from './header.ts'
import { printable } from './json-keys.ts'
import type { TensorReader } from './tensor-reader.ts'

export interface ReadWeightOptions {
  /** `weight_block_size` of the model's `quantization_config`; default `[128, 128]`. */
  readonly block?: readonly [number, number]
}

const denseDTypes: Readonly<Record<string, DType>> = { F32: 'f32', BF16: 'bf16', F16: 'f16', I32: 'i32' }
const fp8Formats: Readonly<Record<string, 'e4m3' | 'e5m2'>> = { F8_E4M3: 'e4m3', F8_E5M2: 'e5m2' }

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
  { block = [128, 128] }: ReadWeightOptions = {},
): Promise<HostWeight> {
  const stored = await checkpoint.info(name)
  const dtype = Object.hasOwn(denseDTypes, stored.dtype) ? denseDTypes[stored.dtype] : undefined
  if (dtype !== undefined) return { dtype, shape: stored.shape, data: await checkpoint.read(name) }
  const format = Object.hasOwn(fp8Formats, stored.dtype) ? fp8Formats[stored.dtype] : undefined
  const refuse = (problem: string) =>
    new FormatError({ file: checkpoint.name, tensor: printable(name), problem })
  if (format === undefined) {
    const known = [...Object.keys(denseDTypes), ...Object.keys(fp8Formats)].join(', ')
    throw refuse(`dtype ${printable(stored.dtype)} is no weight; readable: ${known}`)
  }
  const [rows, columns] = stored.shape
  if (rows === undefined || columns === undefined || stored.shape.length !== 2) {
    throw refuse(`FP8 weights must be [rows, columns], got ${shapeText(stored.shape.slice(0, 8))}`)
  }
  const scales = await readScales(checkpoint, stored, block)
  const codes = await checkpoint.read(name)
  const deepseek = findNotPowerOfTwo(scales) === -1 ? recipes.deepseekWeightUe8m0 : recipes.deepseekWeight
  const title = `${stored.dtype} ${block.join('x')}`
  const recipe = { ...deepseek, name: title, format, block, target: formats[format].max }
  return { codes, scales, shape: [rows, columns], recipe } satisfies BlockScaledArray
}

async function readScales(
  checkpoint: TensorReader,
  { name, dtype, shape }: StoredTensor,
  block: readonly [number, number],
): Promise<Float32Array> {
  const scaleName = `${name}_scale_inv`
  const refuse = (problem: string) =>
    new FormatError({ file: checkpoint.name, tensor: printable(scaleName), problem })
  if (!checkpoint.has(scaleName)) throw refuse(`is missing: the ${dtype} codes of ${printable(name)} need it`)
  const stored = await checkpoint.info(scaleName)
  const expected = shape.map((size, i) => Math.ceil(size / block[i]!))
  if (stored.shape.length !== 2 || !expected.every((size, i) => size === stored.shape[i])) {
    const got = shapeText(stored.shape.slice(0, 8))
    const blocks = `${shapeText(shape)} in blocks of ${shapeText(block)}`
    throw refuse(`must have shape ${shapeText(expected)} for ${blocks}, got ${got}`)
  }
  const scales = await checkpoint.readFloat32(scaleName)
  const bad = scales.findIndex((scale) => !Number.isFinite(scale))
  if (bad >= 0) {
    const place = `[${Math.floor(bad / expected[1]!)}, ${bad % expected[1]!}]`
    throw refuse(`scale ${place} is ${scales[bad]}, must be finite`)
  }
  return scales
}
