/**
 * DeepSeek V3, R1, V3.1, V3.2, and others after them: `x.weight` [rows, columns] in E4M3 with `x.weight_scale_inv`
 * `[ceil(rows / 128), ceil(columns / 128)]`, which in spite of its name is the multiplier.
 *
 * `{ "quant_method": "fp8", "fmt": "e4m3", "weight_block_size": [128, 128] }`, and since V3.1 `"scale_fmt": "ue8m0"`. With
 * that, scales may be one byte each (F8_E8M0, or U8 in files of other makers); V3.1's own are F32, and those of its `o_proj`
 * are not powers of two, so nothing is concluded from the setting. Without a block size one scale is for the whole weight
 * if it is one number, else for 128 x 128.
 *
 * Sources: README_WEIGHTS.md of DeepSeek-V3; `FineGrainedFP8Config` and `Fp8Dequantize` of transformers 5.23.
 */
import type { StoredTensor } from '../files/header.ts'
import type { CodeDType, Codes } from './codes.ts'
import type { ConfigFields } from './config-fields.ts'
import { type Layout, pairs } from './layout.ts'
import { looksLikeMx } from './mx-shape.ts'
import { keepListedDense, nameList } from './name-list.ts'
import { readScaled, type Scheme } from './scaled-weight.ts'
import { type Block, floatScales, type ScaleDType } from './scales.ts'

export const deepseekBlock: Block = [128, 128]

/** A number as scale is for the whole weight. */
const wholeOr128 = (_codes: Codes, { shape }: StoredTensor): Block =>
  shape.length < 2 ? [Infinity, Infinity] : deepseekBlock

/** How weights are read without a configuration, or with the block size alone. */
export function deepseekScheme(block: Block | undefined): Scheme {
  return {
    codes: ['F8_E4M3', 'F8_E5M2'],
    scales: [...floatScales, 'F8_E8M0'],
    block: block ?? wholeOr128,
  }
}

/** The dtype of codes that `fmt` says, and whether scales may be bytes. */
export function deepseekSettings(config: ConfigFields | undefined): {
  readonly codes: readonly CodeDType[]
  readonly scales: readonly ScaleDType[]
} {
  const fmt = config?.oneOf('fmt', ['e4m3', 'e5m2', 'float8_e4m3fn', 'float8_e5m2'])
  const power = config?.oneOf('scale_fmt', ['ue8m0', 'float']) === 'ue8m0'
  return {
    codes: fmt === undefined ? ['F8_E4M3', 'F8_E5M2'] : [fmt.includes('e4m3') ? 'F8_E4M3' : 'F8_E5M2'],
    scales: [...floatScales, 'F8_E8M0', ...(power ? (['U8'] as const) : [])],
  }
}

export const deepseek: Layout = {
  name: 'deepseek',
  methods: ['fp8'],
  tensors: '*.weight with *.weight_scale_inv',
  find: (reader) => pairs(reader, '_scale_inv'),
  recognizes: async (reader, [first], announced) => announced || !(await looksLikeMx(reader, first)),
  open({ reader, config, parts }) {
    const block = config?.block('weight_block_size')
    const scheme = { ...deepseekScheme(block), ...deepseekSettings(config) }
    const listed = nameList(config, ['modules_to_not_convert', 'ignored_layers'])
    return {
      parts,
      async read(weight) {
        keepListedDense(listed, weight)
        return readScaled(reader, weight, scheme)
      },
    }
  },
}
