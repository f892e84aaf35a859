/**
 * Which layout a checkpoint has, by its configuration and its tensors, and how its numbers are read.
 *
 * Mutations seen red: float scales of blocks always UE8M0; dtypes not asked in telling MX from DeepSeek, or for packed bytes; U8 scales taken
 * without `scale_fmt`; no configuration of a text model; a scale of one number read as blocks; `x_scale` of any `x`; names
 * before patterns before classes exchanged, unread patterns passed over; a left-out strategy always `tensor`.
 */
import { dequantize } from '@octoscale/fp8-core'
import { describe, expect, test } from 'vitest'
import { isBlockScaledArray } from '../host.ts'
import { dequantizeWeight } from './dequantize-weight.ts'
import {
  ct,
  ctFp8,
  deepseek,
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
import { f32, fileOf, tensorOf } from './test-layouts.ts'
import { weightsOf } from './weights-of.ts'

describe('read', () => {
  test('global scales: a reciprocal in compressed-tensors, a factor in ModelOpt', async () => {
    expect((await values(nvfp4)).slice(0, 2)).toEqual([1 / 4, 2 / 4])
    expect((await values(modelopt)).slice(0, 2)).toEqual([4, 8])
  })

  test('bytes are powers of two only where something says so', async () => {
    const tensors = { ...deepseek, 'a.weight_scale_inv': tensorOf('U8', [1, 1], [128]) }
    const config = { quant_method: 'fp8', weight_block_size: [128, 128] }
    await expect(values(tensors, config)).rejects.toThrow(/dtype "U8" has no float values; expected F32/)
    expect((await values(tensors, { ...config, scale_fmt: 'ue8m0' }))[0]).toBe(2)
    expect((await values(mxfp8)).slice(-1)).toEqual([2])
  })

  test('MX blocks under the method of DeepSeek, when it is announced', async () => {
    const config = { quant_method: 'fp8', scale_fmt: 'ue8m0', weight_block_size: [1, 32] }
    const weights = await open(mxfp8, config)
    expect(weights.layout).toBe('deepseek')
    expect((await values(mxfp8, config)).slice(-1)).toEqual([2])
    expect((await open(mxfp8)).layout).toBe('mx')
    const bytes = { 'a.weight': packed, 'a.weight_scale': tensorOf('F8_E8M0', [2, 2], [127, 127, 127, 127]) }
    expect((await open(bytes)).layout).toBe('mx')
    const floats = { 'a.weight': fp8, 'a.weight_scale_inv': tensorOf('F32', [2, 2]) }
    expect((await open(floats)).layout).toBe('deepseek')
  })

  test('a scale that is no scale of codes', async () => {
    const norm = { 'norm.weight': tensorOf('BF16', [2]), 'norm.scale': tensorOf('F32', [2], f32(1, 2)) }
    expect((await open({ ...norm, ...deepseek })).layout).toBe('deepseek')
    expect((await open({ ...norm, ...deepseek }, { quant_method: 'fp8' })).names).toContain('norm.scale')
    expect((await open({ ...norm, ...v4 })).layout).toBe('deepseek-v4')
    expect((await open(norm)).layout).toBe('dense')
    const other = { x: tensorOf('F32', [1]), x_scale: tensorOf('F32', [1]) }
    expect((await open({ ...ctFp8, ...other }, ct({}))).names).toEqual(
      expect.arrayContaining(['x', 'x_scale']),
    )
  })

  test('one number is the scale of the whole weight if no block is given', async () => {
    const tensors = { 'a.weight': fp8, 'a.weight_scale_inv': tensorOf('F32', [], f32(3)) }
    expect(await values(tensors, { quant_method: 'fp8' })).toEqual(Array(80).fill(3))
    const blocks = { quant_method: 'fp8', weight_block_size: [128, 128] }
    await expect(values(tensors, blocks)).rejects.toThrow(/must have shape \[1, 1\] for .* got \[\]/)
  })

  test('settings of a text model in a larger one, and of old compressed-tensors', async () => {
    const file = await fileOf(deepseek)
    const quantization_config = { quant_method: 'awq' }
    for (const config of [
      { text_config: { quantization_config } },
      { compression_config: quantization_config },
    ]) {
      await expect(weightsOf(file, { config })).rejects.toThrow(
        /quantization_config.quant_method|compression_config/,
      )
    }
    expect((await weightsOf(file, { config: {} })).layout).toBe('deepseek')
  })

  test('experts one by one, each from its own bytes', async () => {
    const bytes = new Uint8Array(96).fill(0x22).fill(0x33, 48)
    const scales = new Uint8Array(6).fill(127).fill(128, 3)
    const tensors = {
      x_blocks: tensorOf('U8', [2, 3, 1, 16], bytes),
      x_scales: tensorOf('U8', [2, 3, 1], scales),
    }
    const weights = await open(tensors, { quant_method: 'mxfp4' })
    expect(weights.names).toEqual(['x.0', 'x.1'])
    for (const [name, value] of [
      ['x.0', 1],
      ['x.1', 3],
    ] as const) {
      const weight = await weights.read(name)
      expect(isBlockScaledArray(weight) && weight.shape).toEqual([3, 32])
      expect(isBlockScaledArray(weight) && new Set(dequantize(weight))).toEqual(new Set([value]))
    }
  })

  test('float scales of blocks count as powers of two only if all are', async () => {
    const kindOf = async (tensors: Tensors) => {
      const weight = await (await open(tensors)).read('a.weight')
      return isBlockScaledArray(weight) && weight.recipe.scale
    }
    expect(await kindOf(deepseek)).toBe('f32')
    expect(await kindOf({ ...deepseek, 'a.weight_scale_inv': tensorOf('F32', [1, 1], f32(2)) })).toBe('ue8m0')
    expect(await kindOf(ctFp8)).toBe('f32')
    expect(await kindOf({ 'a.weight': fp8, 'a.weight_scale': tensorOf('F32', [2, 1], f32(2, 2)) })).toBe(
      'f32',
    )
    expect(await kindOf(nvfp4)).toBe('e4m3')
  })

  test('a strategy that is left out follows from the size of groups', async () => {
    const scales = { tensor: [1], channel: [2, 1], group: [2, 2] } as const
    for (const [strategy, size] of [
      ['tensor', null],
      ['channel', -1],
      ['group', 20],
    ] as const) {
      const shape = scales[strategy]
      const count = shape.reduce<number>((product, each) => product * each, 1)
      const tensors = {
        'a.weight': fp8,
        'a.weight_scale': tensorOf('F32', shape, f32(...Array(count).fill(3))),
      }
      expect(new Set(await values(tensors, ct({ group_size: size }))), strategy).toEqual(new Set([3]))
    }
  })

  test('dense values: float32 exact, bfloat16 rounded to even, a dense weight as it is', async () => {
    const weight = await (await open(ctFp8)).read('a.weight')
    expect(new Float32Array(dequantizeWeight(weight, 'f32').data.buffer)[0]).toBe(3)
    const scales = tensorOf('F32', [1], f32(1 + 3 / 256))
    const rounded = dequantizeWeight(
      await (await open({ ...ctFp8, 'a.weight_scale': scales })).read('a.weight'),
      'bf16',
    )
    expect(rounded).toMatchObject({ dtype: 'bf16', shape: [2, 40] })
    expect(new Uint16Array(rounded.data.buffer)[0]).toBe(0x3f82)
    const dense = { dtype: 'f32', shape: [1], data: f32(1) } as const
    expect(dequantizeWeight(dense, 'bf16')).toBe(dense)
  })

  test('nothing quantised is dense', async () => {
    const weights = await open({ w: tensorOf('F32', [2], f32(1, 2)) })
    expect(weights).toMatchObject({ layout: 'dense', names: ['w'] })
    expect(await weights.read('w')).toMatchObject({ dtype: 'f32', shape: [2] })
  })
})

describe('groups of compressed-tensors', () => {
  const group = (targets: readonly string[], strategy: string) => ({
    targets,
    weights: { num_bits: 8, type: 'float', strategy },
  })
  const config = (...groups: readonly object[]) => ({ ...ct({}), config_groups: { ...groups } })
  const rows: Tensors = { 'a.weight': fp8, 'a.weight_scale': tensorOf('F32', [2, 1], f32(3, 5)) }

  test.each([
    ['a name before a pattern', config(group(['re:a'], 'tensor'), group(['a'], 'channel'))],
    ['a pattern before a class', config(group(['Linear'], 'tensor'), group(['re:a$'], 'channel'))],
    ['a class', config(group(['Linear'], 'channel'), group(['re:b'], 'tensor'))],
    ['groups that agree', config(group(['re:a'], 'channel'), group(['re:.*'], 'channel'))],
    [
      'a pattern that cannot be read, but agrees',
      config(group(['Linear'], 'channel'), group(['re:(?<!b)a'], 'channel')),
    ],
    [
      'an ignored pattern that cannot be read',
      { ...config(group(['Linear'], 'channel')), ignore: ['re:(?<=b)a'] },
    ],
  ])('%s', async (_, quantization) => {
    expect((await values(rows, quantization)).slice(39, 41)).toEqual([3, 5])
  })

  test.each([
    ['two patterns', config(group(['re:a'], 'tensor'), group(['re:.*'], 'channel'))],
    ['a pattern that cannot be read', config(group(['re:(?<!b)a'], 'tensor'), group(['Linear'], 'channel'))],
  ])('undecided: %s', async (_, quantization) => {
    await expect(values(rows, quantization)).rejects.toThrow(/undecided for "a" between the targets "re:/)
  })

  test('patterns that take too much work', async () => {
    const heavy = `re:(?!${'a'.repeat(400)})`
    const quantization = { ...config(group(['Linear'], 'channel')), ignore: Array(20).fill(heavy) }
    await expect(values(rows, quantization)).rejects.toThrow(
      /ignore is longer; supported: patterns of 1000000 states/,
    )
  })
})
