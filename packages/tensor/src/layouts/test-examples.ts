/** The least checkpoint of each layout: a weight `a.weight`. */
import { dequantize } from '@octoscale/fp8-core'
import type { TensorToWrite } from '../files/write-safetensors.ts'
import { type HostWeight, isBlockScaledArray } from '../host.ts'
import { f32, fileOf, tensorOf } from './test-layouts.ts'
import { type CheckpointWeights, weightsOf } from './weights-of.ts'

export type Tensors = Readonly<Record<string, TensorToWrite>>

export const fp8: TensorToWrite = tensorOf('F8_E4M3', [2, 40], new Uint8Array(80).fill(0x38))
export const deepseek: Tensors = { 'a.weight': fp8, 'a.weight_scale_inv': tensorOf('F32', [1, 1], f32(3)) }
export const v4: Tensors = { 'a.weight': fp8, 'a.scale': tensorOf('F8_E8M0', [1, 1], [128]) }
export const packed: TensorToWrite = tensorOf('U8', [2, 32], new Uint8Array(64).fill(0x42))
export const nvfp4: Tensors = {
  'a.weight_packed': packed,
  'a.weight_scale': tensorOf('F8_E4M3', [2, 4], new Uint8Array(8).fill(0x38)),
  'a.weight_global_scale': tensorOf('F32', [1], f32(4)),
}
export const modelopt: Tensors = {
  'a.weight': packed,
  'a.weight_scale': tensorOf('F8_E4M3', [2, 4], new Uint8Array(8).fill(0x38)),
  'a.weight_scale_2': tensorOf('F32', [], f32(4)),
}
export const experts: Tensors = {
  x_blocks: tensorOf('U8', [2, 3, 1, 16]),
  x_scales: tensorOf('U8', [2, 3, 1]),
}
export const mxfp8: Tensors = {
  'a.weight': fp8,
  'a.weight_scale_inv': tensorOf('U8', [2, 2], [127, 127, 128, 128]),
}

/** A configuration of compressed-tensors with one group. */
export const ct = (
  weights: object,
  format = 'float-quantized',
  targets: readonly string[] = ['Linear'],
  more: object = {},
): Record<string, unknown> => ({
  quant_method: 'compressed-tensors',
  format,
  config_groups: { group_0: { targets, weights: { num_bits: 8, type: 'float', ...weights } } },
  ...more,
})
export const ctFp8: Tensors = { 'a.weight': fp8, 'a.weight_scale': tensorOf('F32', [1], f32(3)) }

/** The weights of such a file under a `quantization_config`. */
export async function open(tensors: Tensors, quantization?: unknown): Promise<CheckpointWeights> {
  return weightsOf(await fileOf(tensors), { config: { quantization_config: quantization } })
}

/** The values of `a.weight`. */
export async function values(tensors: Tensors, quantization?: unknown): Promise<readonly number[]> {
  const weight: HostWeight = await (await open(tensors, quantization)).read('a.weight')
  return isBlockScaledArray(weight) ? [...dequantize(weight)] : []
}
