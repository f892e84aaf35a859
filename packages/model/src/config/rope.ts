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

/** Llama 3.1: frequencies that turn seldom in the original context are divided by `factor`. */
export interface Llama3RopeConfig {
  readonly factor: number
  /** Rotations over the original context up to which a frequency is divided by `factor`. */
  readonly lowRotations: number
  /** Rotations over the original context from which on a frequency is kept as it is. */
  readonly highRotations: number
  readonly originalMaxPositions: number
}

/** At most one of `yarn`, `llama3`, `linearFactor`, `divisorsInFile` is set; none: plain rotary embedding. */
export interface RopeConfig {
  readonly theta: number
  readonly yarn: YarnConfig | undefined
  readonly llama3?: Llama3RopeConfig | undefined
  /** All frequencies are divided by this. */
  readonly linearFactor?: number | undefined
  /** Each frequency is divided by its value in the checkpoint's `rope_freqs.weight` (GGUF). */
  readonly divisorsInFile?: boolean | undefined
}

/**
 * Throws `ConfigError` for a rope type other than `default`, `linear`, `llama3` and `yarn`. Not computed: `dynamic`, whose
 * frequencies depend on the length of the text, so that cached keys would be wrong; `longrope`.
 */
export function parseRope(fields: ConfigFields): RopeConfig {
  const scalingKey = ['rope_parameters', 'rope_scaling'].find((key) => fields.has(key))
  const scaling = scalingKey === undefined ? undefined : fields.object(scalingKey)
  const thetaAt = scaling?.has('rope_theta') ? scaling : fields
  const theta = thetaAt.number('rope_theta', 1.000001, 1e12)
  if (scaling === undefined) return { theta, yarn: undefined }
  // DeepSeek rotates all of its rope dimensions; transformers' rope code would take a fraction from this key.
  if (scaling.has('partial_rotary_factor')) scaling.number('partial_rotary_factor', 1, 1)
  const typeKey = scaling.has('rope_type') ? 'rope_type' : 'type'
  const type = scaling.oneOf(typeKey, ['default', 'linear', 'llama3', 'yarn'])
  if (type === 'linear') return { theta, yarn: undefined, linearFactor: scaling.number('factor', 1, 1e6) }
  if (type === 'llama3') return { theta, yarn: undefined, llama3: parseLlama3(scaling) }
  return { theta, yarn: type === 'yarn' ? parseYarn(scaling) : undefined }
}

function parseLlama3(scaling: ConfigFields): Llama3RopeConfig {
  const lowRotations = scaling.number('low_freq_factor', 1e-3, 1e6)
  const highRotations = scaling.number('high_freq_factor', 1e-3, 1e6)
  if (highRotations <= lowRotations) {
    throw scaling.error('high_freq_factor', `more than low_freq_factor (${lowRotations})`)
  }
  return {
    factor: scaling.number('factor', 1, 1e6),
    lowRotations,
    highRotations,
    originalMaxPositions: scaling.integer('original_max_position_embeddings', 1, 2 ** 24),
  }
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
