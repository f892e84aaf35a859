/**
 * Configurations that are unknown or contradict themselves or the tensors: errors that say what is supported.
 *
 * Mutations seen red: each check of compressed-tensors' `weights` left out (type, bits, symmetric, dynamic, actorder, group size); the sparsity
 * and group sizes of ModelOpt not read; listed modules not looked up, by beginning, end or `*`; `ignore` not looked up; a
 * promise that no tensor keeps; entries of lists not checked to be strings; blocks of any size.
 */
import { describe, expect, test } from 'vitest'
import { QuantizationConfigError } from './errors.ts'
import {
  ct,
  ctFp8,
  deepseek,
  modelopt,
  mxfp8,
  nvfp4,
  open,
  type Tensors,
  v4,
  values,
} from './test-examples.ts'
import { tensorOf } from './test-layouts.ts'

describe('a configuration that cannot be followed', () => {
  const cases: readonly [string, Tensors, unknown, RegExp][] = [
    [
      'an unknown method',
      deepseek,
      { quant_method: 'awq' },
      /quantization_config.quant_method is "awq"; supported: fp8, compressed-tensors, .*modelopt.*mxfp4/,
    ],
    ['no method', deepseek, {}, /quant_method is missing; supported: fp8/],
    ['not an object', deepseek, 'fp8', /quantization_config is "fp8"; supported: an object/],
    ['an unknown format', deepseek, { quant_method: 'fp8', fmt: 'int8' }, /fmt is "int8"; supported: e4m3/],
    [
      'unknown scales',
      deepseek,
      { quant_method: 'fp8', scale_fmt: 'e5m3' },
      /scale_fmt is "e5m3"; supported: ue8m0/,
    ],
    [
      'no block',
      deepseek,
      { quant_method: 'fp8', weight_block_size: [128] },
      /weight_block_size is \[128\]; supported: \[rows, columns\]/,
    ],
    ['a huge block', deepseek, { quant_method: 'fp8', weight_block_size: [1e9, 1] }, /weight_block_size/],
    [
      'a promise that nothing keeps',
      { w: tensorOf('F32', [1]) },
      { quant_method: 'fp8' },
      /that no tensors keep; supported: \*.weight with \*.weight_scale_inv/,
    ],
    ['FP4 experts', v4, { quant_method: 'fp8', expert_dtype: 'int4' }, /expert_dtype is "int4"/],
    [
      'other blocks than 32',
      mxfp8,
      { quant_method: 'mxfp8', weight_block_size: [1, 16] },
      /weight_block_size is \[1, 16\]; supported: \[1, 32\]/,
    ],
    [
      'an unknown algorithm',
      modelopt,
      { quant_method: 'modelopt', quant_algo: 'INT4_AWQ' },
      /quant_algo is "INT4_AWQ"; supported: NVFP4, W4A16_NVFP4, FP8/,
    ],
    [
      'other groups',
      modelopt,
      { quant_method: 'modelopt', quant_algo: 'NVFP4', group_size: 32 },
      /group_size is 32; supported: 16/,
    ],
    [
      'other groups inside',
      modelopt,
      { quant_method: 'modelopt', quant_algo: 'NVFP4', config_groups: { g: { weights: { group_size: 8 } } } },
      /config_groups.g.weights.group_size is 8/,
    ],
    ['integers', ctFp8, ct({ type: 'int' }), /group_0.weights.type is "int"; supported: float/],
    [
      'a format of integers',
      ctFp8,
      ct({}, 'pack-quantized'),
      /format is "pack-quantized"; supported: float-quantized/,
    ],
    ['no format', ctFp8, { ...ct({}), format: null }, /format is missing/],
    [
      '4 bits where 8 are stored',
      ctFp8,
      ct({ num_bits: 4 }),
      /num_bits is 4; supported: 8 for float-quantized/,
    ],
    ['asymmetric', ctFp8, ct({ symmetric: false }), /symmetric is false; supported: true/],
    ['dynamic weights', ctFp8, ct({ dynamic: true }), /dynamic is true; supported: false for weights/],
    ['columns in another order', ctFp8, ct({ actorder: 'group' }), /actorder is "group"; supported: null/],
    [
      'sparse',
      ctFp8,
      ct({}, 'float-quantized', ['Linear'], { sparsity_config: { format: 'sparse-24-bitmask' } }),
      /sparsity_config.format/,
    ],
    ['blocks without a size', ctFp8, ct({ strategy: 'block' }), /block_structure is missing/],
    ['groups without a size', ctFp8, ct({ strategy: 'group' }), /group_size is missing/],
    [
      'NVFP4 of another size',
      nvfp4,
      ct({ num_bits: 4, strategy: 'tensor_group', group_size: 32 }, 'nvfp4-pack-quantized'),
      /group_size is 32; supported: 16/,
    ],
    [
      'NVFP4 without a strategy',
      nvfp4,
      ct({ num_bits: 4, group_size: 16 }, 'nvfp4-pack-quantized'),
      /strategy is missing/,
    ],
    [
      'no groups',
      ctFp8,
      { ...ct({}), config_groups: {} },
      /config_groups is an object; supported: an object of groups/,
    ],
    [
      'a preset for a group',
      ctFp8,
      { ...ct({}), config_groups: { FP8: ['Linear'] } },
      /config_groups.FP8 is a list of 1; supported: an object/,
    ],
    [
      'a module without a target',
      ctFp8,
      ct({}, 'float-quantized', ['b', 're:^b']),
      /without a target for "a"/,
    ],
    [
      'a module that should be dense',
      ctFp8,
      ct({}, 'float-quantized', ['Linear'], { ignore: ['re:.*a$'] }),
      /ignore is a list with "re:.\*a\$", but "a" has codes/,
    ],
    [
      'the same by its name',
      ctFp8,
      ct({}, 'float-quantized', ['Linear'], { ignore: ['a'] }),
      /"a" has codes with scales/,
    ],
    [
      'the same in DeepSeek',
      deepseek,
      { quant_method: 'fp8', modules_to_not_convert: ['b', 'a'] },
      /modules_to_not_convert is a list with "a"/,
    ],
    [
      'the same in ModelOpt',
      modelopt,
      { quant_method: 'modelopt', quant_algo: 'NVFP4', ignore: ['b', '*a'] },
      /ignore is a list with "\*a"/,
    ],
    [
      'a list of other things',
      deepseek,
      { quant_method: 'fp8', modules_to_not_convert: [1] },
      /a list of names/,
    ],
  ]
  test.each(cases)('%s', async (_, tensors, quantization, message) => {
    const promise = values(tensors, quantization)
    await expect(promise).rejects.toThrow(message)
    await expect(promise).rejects.toBeInstanceOf(QuantizationConfigError)
  })

  test.each([
    ['m.a', true],
    ['m', true],
    ['a.b', true],
    ['b', true],
    ['m.*.b', true],
    ['*.b', true],
    ['a', false],
    ['m.a.b.c', false],
    ['m.*', true],
    ['.b', false],
  ])('%s names m.a.b: %s', async (entry, named) => {
    const tensors = {
      'm.a.b.weight': deepseek['a.weight']!,
      'm.a.b.weight_scale_inv': deepseek['a.weight_scale_inv']!,
    }
    const weights = await open(tensors, { quant_method: 'fp8', ignored_layers: ['x', 'y*', entry] })
    const promise = weights.read('m.a.b.weight')
    if (named)
      await expect(promise).rejects.toThrow(`ignored_layers is a list with "${entry}", but "m.a.b" has codes`)
    else expect(await promise).toMatchObject({ shape: [2, 40] })
  })

  test('says file, setting, what is supported and what is there', async () => {
    const error = await open(deepseek, { quant_method: 'x'.repeat(1000) }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ file: 'test.safetensors', field: 'quantization_config.quant_method' })
    expect((error as QuantizationConfigError).got.length).toBeLessThan(130)
  })
})
