/**
 * Rotary embedding settings, in both spellings: DeepSeek's `rope_theta` + `rope_scaling {type}`, and the newer
 * `rope_parameters {rope_theta, rope_type}` of transformers 5.
 */
import type { ConfigFields } from './fields.ts'

/** YaRN (arXiv 2309.00071) with DeepSeek's two mscale values. */
export interface YarnConfig {
  /** How many times longer the context is than the one of pre-training. */
  readonly factor: number
  /** Rotations over the original context at which a frequency is kept as it is. */
  readonly betaFast: number
  /** Rotations over the original context at which a frequency is divided by `factor`. */
  readonly betaSlow: number
  readonly originalMaxPositions: number
  readonly mscale: number | undefined
  readonly mscaleAllDim: number | undefined
  /** Multiplies cosine and sine; undefined: derived from factor and the mscales. */
  readonly attentionFactor: number | undefined
}

export interface RopeConfig {
  readonly theta: number
  /** Undefined: plain rotary embedding. */
  readonly yarn: YarnConfig | undefined
}

/** Throws `ConfigError` for a rope type other than `default` and `yarn`. */
export function parseRope(fields: ConfigFields): RopeConfig {
  const scalingKey = ['rope_parameters', 'rope_scaling'].find((key) => fields.has(key))
  const scaling = scalingKey === undefined ? undefined : fields.object(scalingKey)
  const thetaAt = scaling?.has('rope_theta') ? scaling : fields
  const theta = thetaAt.number('rope_theta', 1.000001, 1e12)
  if (scaling === undefined) return { theta, yarn: undefined }
  // DeepSeek rotates all of its rope dimensions; transformers' rope code would take a fraction from this key.
  if (scaling.has('partial_rotary_factor')) scaling.number('partial_rotary_factor', 1, 1)
  const typeKey = scaling.has('rope_type') ? 'rope_type' : 'type'
  const type = scaling.oneOf(typeKey, ['default', 'yarn'])
  return { theta, yarn: type === 'yarn' ? parseYarn(scaling) : undefined }
}

function parseYarn(scaling: ConfigFields): YarnConfig {
  const optional = (key: string): number | undefined =>
    scaling.has(key) ? scaling.number(key, 0, 1e3) : undefined
  if (scaling.has('truncate')) scaling.oneOf('truncate', [true])
  // Zero counts as absent, as in transformers.
  const betaFast = optional('beta_fast') || 32
  const betaSlow = optional('beta_slow') || 1
  if (betaFast < betaSlow) throw scaling.error('beta_fast', `at least beta_slow (${betaSlow})`)
  return {
    factor: scaling.number('factor', 1, 1e6),
    betaFast,
    betaSlow,
    originalMaxPositions: scaling.integer('original_max_position_embeddings', 1, 2 ** 24),
    mscale: optional('mscale'),
    mscaleAllDim: optional('mscale_all_dim'),
    attentionFactor: optional('attention_factor'),
  }
}
