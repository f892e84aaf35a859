/** The sizes that are fixed when a model is loaded, from options and configuration. */
import type { Limits } from './architectures/architecture.ts'
import { type CacheType, cacheTypes } from './cache-type.ts'
import type { ModelConfig } from './config/model-config.ts'
import { OptionError } from './errors.ts'

/** Logits are computed for this many tokens at once when all of them are asked for. */
const maxLogitRows = 16

export interface SizeOptions {
  /** From `parseConfig`. */
  readonly config: ModelConfig
  /** Positions of the longest sequence; default 4096, at most (and at default never above) the config's. */
  readonly maxContext?: number | undefined
  /** Tokens computed at once; longer prompts go through in pieces. Activation memory grows with it. Default 128. */
  readonly maxBatch?: number | undefined
  /** Also load the multi-token-prediction layer, where the model has one; default false. */
  readonly mtp?: boolean | undefined
  /** How keys and values of past tokens are held; default `f32`. */
  readonly cacheType?: CacheType | undefined
}

/** Throws `OptionError` for what is no size, or more than the model was made for. */
export function chooseLimits({
  config,
  maxContext,
  maxBatch = 128,
  mtp = false,
  cacheType = 'f32',
}: SizeOptions): Limits {
  const integer = (option: string, value: number, max: number): number => {
    if (Number.isInteger(value) && value >= 1 && value <= max) return value
    throw new OptionError({ option, expected: `an integer in 1 .. ${max}`, got: value })
  }
  if (!cacheTypes.includes(cacheType)) {
    throw new OptionError({
      option: 'cacheType',
      expected: `one of ${cacheTypes.join(', ')}`,
      got: cacheType,
    })
  }
  const longest = config.maxPositions
  const contextLength = integer('maxContext', maxContext ?? Math.min(longest, 4096), longest)
  const batch = Math.min(integer('maxBatch', maxBatch, 65536), contextLength)
  return { contextLength, batch, logitRows: Math.min(maxLogitRows, batch), mtp, cacheType }
}
