/** `quantization_config` of DeepSeek's FP8 checkpoints (V3, R1: F32 scales; V3.1: `scale_fmt` ue8m0). */
import type { ConfigFields } from './fields.ts'

export interface QuantizationConfig {
  readonly method: 'fp8'
  readonly format: 'e4m3'
  /** Height and width of the block that shares one scale. */
  readonly block: readonly [number, number]
  /** `ue8m0`: the makers say that scales are powers of two. V3.1's `o_proj` scales are not, so nothing relies on it. */
  readonly scaleFormat: 'ue8m0' | undefined
}

/** Undefined when the file has no `quantization_config`. Throws `ConfigError` for any format but DeepSeek's FP8. */
export function parseQuantization(fields: ConfigFields): QuantizationConfig | undefined {
  if (!fields.has('quantization_config')) return undefined
  const quantization = fields.object('quantization_config')
  const method = quantization.oneOf('quant_method', ['fp8'])
  const format = quantization.oneOf('fmt', ['e4m3'])
  if (quantization.has('activation_scheme')) quantization.oneOf('activation_scheme', ['dynamic'])
  const scaleFormat = quantization.has('scale_fmt') ? quantization.oneOf('scale_fmt', ['ue8m0']) : undefined
  return { method, format, block: parseBlock(quantization), scaleFormat }
}

function parseBlock(quantization: ConfigFields): readonly [number, number] {
  const value = quantization.get('weight_block_size')
  const valid = (side: unknown): side is number =>
    typeof side === 'number' && Number.isInteger(side) && side >= 1 && side <= 65536
  if (!Array.isArray(value) || value.length !== 2 || !valid(value[0]) || !valid(value[1])) {
    throw quantization.error('weight_block_size', 'two integers in 1 .. 65536')
  }
  return [value[0], value[1]]
}
