/** The schemes of compressed-tensors: what its `weights` settings and `format` mean for the tensors. */
import { FormatError } from '../errors.ts'
import type { StoredTensor } from '../files/header.ts'
import { printable } from '../files/json-keys.ts'
import { shapeText } from '../views.ts'
import type { Codes } from './codes.ts'
import type { ConfigFields } from './config-fields.ts'
import type { Scheme } from './scaled-weight.ts'
import { type Block, fitsGrid, floatScales, powerScales } from './scales.ts'

export const formats = [
  'float-quantized',
  'naive-quantized',
  'mxfp8-quantized',
  'mxfp4-pack-quantized',
  'nvfp4-pack-quantized',
] as const
export type CompressedFormat = (typeof formats)[number]

export const mxfp8: Scheme = { codes: ['F8_E4M3'], scales: powerScales, block: [1, 32] }
export const mxfp4: Scheme = { codes: ['U8'], scales: powerScales, block: [1, 32] }
export const nvfp4: Scheme = {
  codes: ['U8'],
  scales: ['F8_E4M3'],
  block: [1, 16],
  globalScale: 'reciprocal',
}
export const fp8 = (block: Scheme['block']): Scheme => ({ codes: ['F8_E4M3'], scales: floatScales, block })

const wholes: readonly Block[] = [
  [Infinity, Infinity],
  [1, Infinity],
  [128, 128],
]

/** The block by the shape of the scales; where several fit, they mean the same. Throws `FormatError` if none does. */
export function fp8BlockByShape(file: string): (codes: Codes, scales: StoredTensor) => Block {
  return ({ shape }, scales) => {
    const block = wholes.find((each) => fitsGrid(scales.shape, shape, each))
    if (block !== undefined) return block
    const got = shapeText(scales.shape.slice(0, 8))
    const problem = `${got} is no scale per weight, row or 128x128 block of ${shapeText(shape)}; other blocks need a config.json`
    throw new FormatError({ file, tensor: printable(scales.name), problem })
  }
}

/** The scheme of a group. Throws `QuantizationConfigError` for one that is not supported or contradicts the format. */
export function schemeOf(weights: ConfigFields, format: CompressedFormat): Scheme {
  weights.required('type', ['float'])
  if (weights.boolean('symmetric') === false) throw weights.error('symmetric', 'true')
  if (weights.boolean('dynamic') === true) throw weights.error('dynamic', 'false for weights')
  if (weights.has('actorder')) throw weights.error('actorder', 'null')
  const bits = format.endsWith('pack-quantized') ? 4 : 8
  if (weights.integer('num_bits') !== bits) throw weights.error('num_bits', `${bits} for ${format}`)
  if (format === 'nvfp4-pack-quantized') return group(weights, 'tensor_group', 16, format, nvfp4)
  if (format === 'mxfp4-pack-quantized') return group(weights, 'group', 32, format, mxfp4)
  if (format === 'mxfp8-quantized') return group(weights, 'group', 32, format, mxfp8)
  return fp8(blockOf(weights))
}

function group(
  weights: ConfigFields,
  strategy: 'group' | 'tensor_group',
  size: number,
  format: CompressedFormat,
  scheme: Scheme,
): Scheme {
  const given = weights.oneOf('strategy', [strategy])
  if (given === undefined && strategy !== 'group')
    throw weights.error('strategy', `${strategy} for ${format}`)
  if (weights.integer('group_size') !== size) throw weights.error('group_size', `${size} for ${format}`)
  return scheme
}

function blockOf(weights: ConfigFields): Block {
  const size = weights.integer('group_size')
  const inferred = size === undefined ? 'tensor' : size === -1 ? 'channel' : 'group'
  const strategy = weights.oneOf('strategy', ['tensor', 'channel', 'group', 'block']) ?? inferred
  if (strategy === 'tensor') return [Infinity, Infinity]
  if (strategy === 'channel') return [1, Infinity]
  if (strategy === 'group') {
    if (size === undefined || size < 1) throw weights.error('group_size', 'a positive integer for groups')
    return [1, size]
  }
  const block = weights.block('block_structure')
  if (block === undefined) throw weights.error('block_structure', '[rows, columns] for blocks')
  return block
}
