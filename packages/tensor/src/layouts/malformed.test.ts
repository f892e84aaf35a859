/**
 * Tensors that do not fit together: errors with file, tensor and numbers.
 *
 * Mutations seen red: any rank of codes; one side of the grid, or only the number of scales compared; flat scales of blocks; scales that are
 * NaN, E4M3 scales of -0; the global scale's dtype, shape, zero and reciprocal not checked; two layouts at once; names
 * twice; shapes, number (in one tensor, in all) and NaN scales of experts not checked.
 */
import { describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import {
  ct,
  ctFp8,
  deepseek,
  experts,
  fp8,
  modelopt,
  mxfp8,
  nvfp4,
  open,
  packed,
  type Tensors,
  v4,
  values,
} from './test-examples.ts'
import { f32, tensorOf } from './test-layouts.ts'

describe('tensors that do not fit', () => {
  const cases: readonly [string, Tensors, RegExp][] = [
    [
      'flat scales of blocks',
      { ...v4, 'a.scale': tensorOf('F8_E8M0', [1], [128]) },
      /"a.scale": must have shape \[1, 1\] for \[2, 40\] in blocks of \[128, 128\], got \[1\]/,
    ],
    [
      'packed codes without scales',
      { 'a.weight_packed': packed },
      /"a.weight_scale": is missing: the U8 codes of "a.weight_packed" need it/,
    ],
    [
      'too many experts in all',
      Object.fromEntries(
        Array.from({ length: 65 }, (_, i) => [
          [`${i}_blocks`, tensorOf('U8', [4096, 1, 1, 16])],
          [`${i}_scales`, tensorOf('U8', [4096, 1, 1])],
        ]).flat(),
      ),
      /has more than 262144 experts/,
    ],
    [
      'AMD codes',
      { ...deepseek, 'a.weight': { ...fp8, dtype: 'F8_E4M3FNUZ' } },
      /"a.weight": dtype "F8_E4M3FNUZ" is the FP8 of AMD MI300, which is not supported/,
    ],
    [
      'codes without scales',
      { 'a.weight': fp8 },
      /"a.weight": its "F8_E4M3" codes have no scales in this checkpoint/,
    ],
    [
      'scales of BF16 weights',
      { ...deepseek, 'a.weight': tensorOf('BF16', [2, 40]) },
      /dtype "BF16" has no codes of this layout; expected F8_E4M3 or F8_E5M2 beside its scales/,
    ],
    [
      'no global scale',
      { ...nvfp4, 'a.weight_global_scale': tensorOf('F32', [2]) },
      /"a.weight_global_scale": must have shape \[\] or \[1\], got \[2\]/,
    ],
    [
      'a global scale of 0',
      { ...nvfp4, 'a.weight_global_scale': tensorOf('F32', [1], f32(0)) },
      /is 0, must be a positive finite number/,
    ],
    [
      'a global scale without a reciprocal',
      { ...nvfp4, 'a.weight_global_scale': tensorOf('F32', [1], f32(2 ** -149)) },
      /with a reciprocal/,
    ],
    [
      'a global scale of another dtype',
      { ...modelopt, 'a.weight_scale_2': tensorOf('BF16', []) },
      /dtype "BF16" is no global scale/,
    ],
    [
      'E4M3 scales with a sign',
      {
        ...modelopt,
        'a.weight_scale': tensorOf('F8_E4M3', [2, 4], [0x38, 0x38, 0x38, 0x38, 0x38, 0x80, 0x38, 0x38]),
      },
      /"a.weight_scale": scale \[1, 1\] is -0, must be finite and without a sign/,
    ],
    [
      'E4M3 scales of NaN',
      { ...modelopt, 'a.weight_scale': tensorOf('F8_E4M3', [2, 4], new Uint8Array(8).fill(0x7f)) },
      /scale \[0, 0\] is NaN/,
    ],
    [
      'UE8M0 scales of NaN',
      { ...v4, 'a.scale': tensorOf('F8_E8M0', [1, 1], [255]) },
      /scale \[0, 0\] is NaN, must be finite/,
    ],
    [
      'too few scales',
      { ...modelopt, 'a.weight_scale': tensorOf('F8_E4M3', [2, 3]) },
      /must have shape \[2, 4\] for \[2, 64\] in blocks of \[1, 16\], got \[2, 3\]/,
    ],
    [
      'three dimensions',
      { ...modelopt, 'a.weight': tensorOf('U8', [1, 2, 32]) },
      /FP4 weights must be \[rows, columns\], got \[1, 2, 32\]/,
    ],
    ['packed and not', { ...nvfp4, 'a.weight': tensorOf('F32', [1]) }, /"a.weight": is there twice/],
    [
      'packed integers',
      { ...nvfp4, 'a.weight_packed': tensorOf('I32', [2, 8]) },
      /dtype "I32" has no codes of this layout; expected U8/,
    ],
    [
      'blocks that only a configuration tells',
      { ...ctFp8, 'a.weight_scale': tensorOf('F32', [1, 2]) },
      /\[1, 2\] is no scale per weight, row or 128x128 block of \[2, 40\]/,
    ],
    [
      'two layouts',
      { ...deepseek, ...experts },
      /tensors of several layouts: deepseek \("a.weight"\) and gpt-oss/,
    ],
    [
      'other scales of experts',
      { ...experts, x_scales: tensorOf('U8', [3, 2, 1]) },
      /"x_scales": must be U8 \[2, 3, 1\] for \[2, 3, 1, 16\], got "U8" \[3, 2, 1\]/,
    ],
    [
      'other blocks of experts',
      { ...experts, x_blocks: tensorOf('U8', [2, 3, 1, 8]) },
      /must be U8 \[experts, rows, columns \/ 32, 16\], got "U8" \[2, 3, 1, 8\]/,
    ],
    [
      'too many experts',
      { x_blocks: tensorOf('U8', [5000, 1, 1, 16]), x_scales: tensorOf('U8', [5000, 1, 1]) },
      /has 5000 experts, the limit is 4096/,
    ],
    ['a missing weight', { w: tensorOf('F32', [1]) }, /"a.weight": is not among the 1 tensors/],
  ]
  test.each(cases)('%s', async (_, tensors, message) => {
    const promise = open(tensors).then((weights) => weights.read('a.weight'))
    await expect(promise).rejects.toThrow(message)
    await expect(promise).rejects.toBeInstanceOf(FormatError)
  })

  test('scales of NaN of an expert', async () => {
    const weights = await open({ ...experts, x_scales: tensorOf('U8', [2, 3, 1], [1, 2, 3, 4, 255, 6]) })
    expect(await weights.read('x.0')).toMatchObject({ shape: [3, 32] })
    await expect(weights.read('x.1')).rejects.toThrow(/"x_scales": scale \[1, 0\] is NaN, must be finite/)
  })

  test('a global scale that only the configuration announces', async () => {
    const { 'a.weight_global_scale': _, ...tensors } = nvfp4
    const group = { num_bits: 4, strategy: 'tensor_group', group_size: 16 }
    const promise = values(tensors, ct(group, 'nvfp4-pack-quantized'))
    await expect(promise).rejects.toThrow(
      /"a.weight_global_scale": is missing: the scales of "a.weight" need it/,
    )
  })

  test('FP4 under a method of FP8', async () => {
    const tensors = { 'a.weight': packed, 'a.weight_scale': tensorOf('U8', [2, 2]) }
    await expect(values(tensors, { quant_method: 'mxfp8' })).rejects.toThrow(
      /expected F8_E4M3 or F8_E5M2 beside/,
    )
    expect(await values(tensors, { quant_method: 'mxfp4' })).toHaveLength(128)
  })

  test('both names of scales', async () => {
    const tensors = { ...mxfp8, 'a.weight_scale': tensorOf('U8', [2, 2]) }
    await expect(open(tensors, { quant_method: 'mxfp8' })).rejects.toThrow(/has both _scale and _scale_inv/)
  })

  test('FP4 where the configuration says FP8', async () => {
    const tensors = { ...v4, 'a.weight': tensorOf('I8', [2, 32]), 'a.scale': tensorOf('F8_E8M0', [2, 2]) }
    expect(await values(tensors, { quant_method: 'fp8' })).toHaveLength(128)
    const config = { quant_method: 'fp8', expert_dtype: 'fp8' }
    await expect(values(tensors, config)).rejects.toThrow(/dtype "I8" has no codes/)
    await expect(values(v4, { quant_method: 'fp8', fmt: 'e5m2' })).rejects.toThrow(/expected F8_E5M2/)
  })
})
