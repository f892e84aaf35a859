/**
 * MXFP8 and MXFP4 with the dtypes of safetensors: `x` in F8_E4M3, F8_E5M2 or F4 (or two FP4 codes in a byte of U8 or I8),
 * with `x_scale` or `x_scale_inv` `[rows, ceil(columns / 32)]` in F8_E8M0 or U8.
 *
 * `{ "quant_method": "mxfp8" }` with `"weight_block_size": [1, 32]`, as MiniMax writes (`weight_scale_inv`, U8), or `mxfp4`.
 */
import { FormatError } from '../errors.ts'
import { printable } from '../files/json-keys.ts'
import type { CodeDType } from './codes.ts'
import type { ConfigFields } from './config-fields.ts'
import { type Layout, pairs } from './layout.ts'
import { looksLikeMx } from './mx-shape.ts'
import { keepListedDense, nameList } from './name-list.ts'
import { readScaled, type Scheme } from './scaled-weight.ts'
import { powerScales } from './scales.ts'

const codes: Readonly<Record<'mxfp8' | 'mxfp4', readonly CodeDType[]>> = {
  mxfp8: ['F8_E4M3', 'F8_E5M2'],
  mxfp4: ['F4', 'U8', 'I8'],
}

export const mx: Layout = {
  name: 'mx',
  methods: ['mxfp8', 'mxfp4'],
  tensors: '*.weight with *.weight_scale or *.weight_scale_inv',
  find: (reader) => [...pairs(reader, '_scale'), ...pairs(reader, '_scale_inv')],
  async recognizes(reader, [first], announced) {
    if (announced) return true
    if (!(await looksLikeMx(reader, first))) return false
    // Bytes under the name `_scale` are how compressed-tensors writes MXFP8.
    return first.scales.endsWith('_inv') || (await reader.info(first.scales)).dtype === 'F8_E8M0'
  },
  open({ reader, config, parts }) {
    const names = new Set<string>()
    for (const { name } of parts) {
      if (names.has(name)) {
        const problem = 'has both _scale and _scale_inv: which of them it is scaled by is not known'
        throw new FormatError({ file: reader.name, tensor: printable(name), problem })
      }
      names.add(name)
    }
    const scheme = schemeOf(config)
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

function schemeOf(config: ConfigFields | undefined): Scheme {
  const method = config?.required('quant_method', ['mxfp8', 'mxfp4'])
  const size = config?.block('weight_block_size')
  if (size !== undefined && (size[0] !== 1 || size[1] !== 32))
    throw config!.error('weight_block_size', '[1, 32]')
  config?.oneOf('scale_fmt', ['ue8m0'])
  return {
    codes: method === undefined ? [...codes.mxfp8, ...codes.mxfp4] : codes[method],
    scales: powerScales,
    block: [1, 32],
  }
}
