/**
 * compressed-tensors (llm-compressor, vLLM). With g the stored `x.weight_global_scale`, F32 [1]:
 *
 * | scheme        | codes                                          | `x.weight_scale`, a multiplier                |
 * | FP8           | `x.weight` F8_E4M3                             | F32, BF16 or F16: [1], [rows, 1], or of blocks |
 * | MXFP8         | `x.weight` F8_E4M3                             | U8 (UE8M0) [rows, columns / 32]               |
 * | MXFP4         | `x.weight_packed` U8 [rows, columns / 2]       | U8 (UE8M0) [rows, columns / 32]               |
 * | NVFP4         | `x.weight_packed` U8 [rows, columns / 2]       | F8_E4M3 [rows, columns / 16], divided by g    |
 *
 * Which module has which scheme stands in `config_groups`; without a configuration the tensors decide.
 * Source: `compressors/` of compressed-tensors 0.20.
 */
import type { TensorReader } from '../files/tensor-reader.ts'
import { readGroups } from './compressed-tensors-groups.ts'
import { fp8, fp8BlockByShape, mxfp4, mxfp8, nvfp4 } from './compressed-tensors-schemes.ts'
import { type Layout, type Parts, pairs } from './layout.ts'
import { readScaled, type Scheme } from './scaled-weight.ts'
import { floatScales } from './scales.ts'

export const compressedTensors: Layout = {
  name: 'compressed-tensors',
  methods: ['compressed-tensors', 'compressed_tensors'],
  tensors: '*.weight or *.weight_packed with *.weight_scale',
  find(reader) {
    const packed = reader.names
      .filter((codes) => codes.endsWith('.weight_packed'))
      .map((codes): Parts => {
        const name = codes.slice(0, -'_packed'.length)
        const globalScale = `${name}_global_scale`
        const parts = { name, codes, scales: `${name}_scale` }
        return reader.has(globalScale) ? { ...parts, globalScale } : parts
      })
    return [...packed, ...pairs(reader, '_scale').filter(({ name }) => name.endsWith('.weight'))]
  },
  async recognizes(reader, [{ codes, scales, name }], announced) {
    if (announced || codes !== name) return true
    const { dtype } = await reader.info(scales)
    return dtype === 'U8' || (floatScales as readonly string[]).includes(dtype)
  },
  open({ reader, config, parts }) {
    const groups = config && readGroups(config)
    return {
      parts,
      async read(weight) {
        const module = weight.name.slice(0, -'.weight'.length)
        return readScaled(reader, weight, groups?.schemeOf(module) ?? (await schemeByTensors(reader, weight)))
      },
    }
  },
}

/** Without a configuration. The tensors leave one way to read them, except for unusual sizes of blocks. */
async function schemeByTensors(
  reader: TensorReader,
  { codes, name, scales, globalScale }: Parts,
): Promise<Scheme> {
  if (codes !== name) return globalScale === undefined ? mxfp4 : nvfp4
  const { dtype } = await reader.info(scales)
  return dtype === 'U8' || dtype === 'F8_E8M0' ? mxfp8 : fp8(fp8BlockByShape(reader.name))
}
