/** What a model will take, before it is loaded. */
import { type CacheType, type Estimate, estimateModel } from '@octoscale/model'
import { availableMemory } from './available-memory.ts'
import { openModel } from './model-parts.ts'
import type { ModelSource } from './model-source.ts'

export interface EstimateOptions {
  /** Longest conversation in tokens; default 4096, never above the model's own limit. */
  readonly maxContext?: number
  /** Tokens computed at once. Default 128. */
  readonly maxBatch?: number
  /** Conversations held at once, all of them at their longest. Default 1. */
  readonly sequences?: number
  /** As in `load`. Default `f32`. */
  readonly cacheType?: CacheType
  /**
   * Bytes there are. Default: free memory of this machine where that can be known (Node), else no limit; `Infinity` for
   * a question about another machine.
   */
  readonly memoryBytes?: number
}

/**
 * Reads `config.json` and the headers of the weights, a few kilobytes of each file, and adds up weights, cache and
 * activations: also for a model that no single machine can hold. `fits` compares with the memory, `longestContext` is the
 * nearest setting that fits.
 *
 * Throws what `load` throws for the same files, and `OptionError`.
 */
export async function estimate(source: ModelSource, options: EstimateOptions = {}): Promise<Estimate> {
  const { config, checkpoint } = await openModel(source)
  return estimateModel({
    ...options,
    config,
    checkpoint,
    memoryBytes: options.memoryBytes ?? availableMemory(),
  })
}
