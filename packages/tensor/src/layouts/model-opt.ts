/**
 * NVIDIA ModelOpt: NVFP4 as `x.weight` U8 [rows, columns / 2] (two codes in a byte, the first in the low half) with
 * `x.weight_scale` F8_E4M3 [rows, columns / 16] and `x.weight_scale_2` F32 [], all multipliers; FP8 as `x.weight` F8_E4M3
 * with one `x.weight_scale` F32.
 *
 * `{ "quant_method": "modelopt", "quant_algo": "NVFP4", "ignore": [...] }`; older exports have that in a file
 * `hf_quant_config.json` of their own: then the tensors decide.
 *
 * Sources: `ModelOptNvfp4Converter` of compressed-tensors 0.20, `NVFP4QTensor` of nvidia-modelopt 0.47.
 */
import type { ConfigFields } from './config-fields.ts'
import { type Layout, pairs } from './layout.ts'
import { keepListedDense, nameList } from './name-list.ts'
import { readScaled, type Scheme } from './scaled-weight.ts'
import { floatScales } from './scales.ts'

const nvfp4: Scheme = { codes: ['U8'], scales: ['F8_E4M3'], block: [1, 16], globalScale: 'factor' }
const fp8: Scheme = { codes: ['F8_E4M3'], scales: floatScales, block: [Infinity, Infinity] }

const schemes = { NVFP4: nvfp4, W4A16_NVFP4: nvfp4, FP8: fp8 } as const
const algorithms = Object.keys(schemes) as readonly (keyof typeof schemes)[]

export const modelOpt: Layout = {
  name: 'modelopt',
  methods: ['modelopt', 'modelopt_fp4'],
  tensors: '*.weight with *.weight_scale and *.weight_scale_2',
  find(reader) {
    return pairs(reader, '_scale').map((part) => {
      const globalScale = `${part.name}_scale_2`
      return reader.has(globalScale) ? { ...part, globalScale } : part
    })
  },
  recognizes: async (_reader, [first], announced) => announced || first.globalScale !== undefined,
  open({ reader, config, parts }) {
    const scheme = config === undefined ? undefined : schemeOf(config)
    const listed = nameList(config, ['ignore', 'exclude_modules'])
    return {
      parts,
      async read(weight) {
        keepListedDense(listed, weight)
        const alone = weight.globalScale === undefined ? fp8 : nvfp4
        const globalScale = `${weight.name}_scale_2`
        return readScaled(reader, { ...weight, globalScale }, scheme ?? alone)
      },
    }
  },
}

function schemeOf(config: ConfigFields): Scheme {
  const scheme = schemes[config.required('quant_algo', algorithms)]
  if (scheme !== nvfp4) return scheme
  const groups = config.object('config_groups')
  const weights = (groups?.keys ?? []).map((key) => groups?.object(key)?.object('weights'))
  for (const fields of [config, ...weights]) {
    const size = fields?.integer('group_size')
    if (size !== undefined && size !== 16) throw fields!.error('group_size', '16 for NVFP4')
  }
  return scheme
}
