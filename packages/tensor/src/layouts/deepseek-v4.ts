/**
 * DeepSeek V4: `x.weight` with `x.scale` in F8_E8M0 (base models: F32). E4M3 codes have one scale for 128 x 128; FP4 codes
 * of experts, two in a byte of I8 (first in the low half), one for 32 in a row.
 *
 * `quant_method` `fp8` as before. `"expert_dtype"` stands in it or beside it; in it, it must agree with the tensors.
 *
 * Sources: names and dtypes as transformers 5.23 converts them (`Fp8Dequantize`), which takes blocks from the shapes.
 */

import type { CodeDType, Codes } from './codes.ts'
import { deepseekBlock, deepseekSettings } from './deepseek.ts'
import type { Layout, Parts } from './layout.ts'
import { keepListedDense, nameList } from './name-list.ts'
import { denseDType } from './read-dense.ts'
import { readScaled } from './scaled-weight.ts'

const fp4: readonly CodeDType[] = ['I8', 'U8', 'F4']

export const deepseekV4: Layout = {
  name: 'deepseek-v4',
  methods: ['fp8'],
  tensors: '*.weight with *.scale',
  find({ names, has }) {
    const found: Parts[] = []
    for (const scales of names) {
      const name = `${scales.slice(0, -'.scale'.length)}.weight`
      if (scales.endsWith('.scale') && has(name)) found.push({ name, codes: name, scales })
    }
    return found
  },
  async recognizes(reader, found) {
    // A tensor `scale` may be of a layer that normalises.
    for (const { codes } of found) {
      if (denseDType((await reader.info(codes)).dtype) === undefined) return true
    }
    return false
  },
  open({ reader, config, parts }) {
    const block = config?.block('weight_block_size') ?? deepseekBlock
    const experts = config?.oneOf('expert_dtype', ['fp4', 'fp8'])
    const settings = deepseekSettings(config)
    const scheme = {
      codes: experts === 'fp8' ? settings.codes : [...settings.codes, ...fp4],
      scales: settings.scales,
      block: ({ format }: Codes) => (format === 'e2m1' ? ([1, 32] as const) : block),
    }
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
