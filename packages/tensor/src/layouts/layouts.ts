/** All layouts, and which of them a checkpoint has. */
import { FormatError } from '../errors.ts'
import type { TensorReader } from '../files/tensor-reader.ts'
import { compressedTensors } from './compressed-tensors.ts'
import type { ConfigFields } from './config-fields.ts'
import { deepseek } from './deepseek.ts'
import { deepseekV4 } from './deepseek-v4.ts'
import { gptOss } from './gpt-oss.ts'
import type { Layout, Parts } from './layout.ts'
import { modelOpt } from './model-opt.ts'
import { mx } from './mx.ts'

const layouts: readonly Layout[] = [deepseek, deepseekV4, compressedTensors, modelOpt, gptOss, mx]

export interface Chosen {
  readonly layout: Layout
  readonly parts: readonly Parts[]
}

/**
 * The layout that the configuration announces and the names of the tensors confirm; without a configuration the one that
 * the first tensors of each kind show. `undefined` if nothing is quantised. Throws `QuantizationConfigError` for an unknown
 * `quant_method` and for one that no tensor confirms, `FormatError` for tensors of several layouts.
 */
export async function chooseLayout(
  reader: TensorReader,
  config: ConfigFields | undefined,
): Promise<Chosen | undefined> {
  const candidates = config === undefined ? layouts : announced(config)
  const found: Chosen[] = []
  for (const layout of candidates) {
    const [first, ...others] = layout.find(reader)
    if (first === undefined) continue
    if (await layout.recognizes(reader, [first, ...others], config !== undefined)) {
      found.push({ layout, parts: [first, ...others] })
    }
  }
  if (found.length > 1) {
    const names = found.map(({ layout, parts }) => `${layout.name} (${JSON.stringify(parts[0]!.codes)})`)
    const problem = `has tensors of several layouts: ${names.join(' and ')}; read the parts as checkpoints of their own`
    throw new FormatError({ file: reader.name, problem })
  }
  if (found.length === 0 && config !== undefined) throw unconfirmed(config, candidates)
  return found[0]
}

function announced(config: ConfigFields): readonly Layout[] {
  const methods = [...new Set(layouts.flatMap((layout) => layout.methods))]
  const method = config.required('quant_method', methods)
  return layouts.filter((layout) => layout.methods.includes(method))
}

function unconfirmed(config: ConfigFields, candidates: readonly Layout[]): Error {
  const expected = candidates.map(({ name, tensors }) => `${tensors} (${name})`).join('; ')
  const [method] = candidates.flatMap(({ methods }) => methods)
  return config.error('quant_method', expected, `a promise of ${JSON.stringify(method)} that no tensors keep`)
}
