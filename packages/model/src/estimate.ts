/** What a model will take, from its configuration and the headers of its checkpoint: before anything is allocated. */
import { type Checkpoint, workspaceBytes } from '@octoscale/tensor'
import type { Limits } from './architectures/architecture.ts'
import { architectures } from './architectures/index.ts'
import { cacheBytesPerPosition } from './cache.ts'
import { type Inventory, takeInventory } from './checkpoint/inventory.ts'
import { listWeights } from './checkpoint/stored-weights.ts'
import { bytesToRead } from './checkpoint/upload.ts'
import { DoesNotFitError, OptionError } from './errors.ts'
import type { Estimate } from './estimated-sizes.ts'
import { chooseLimits, type SizeOptions } from './limits.ts'

export interface EstimateOptions extends SizeOptions {
  /** Only its headers are read. */
  readonly checkpoint: Checkpoint
  /** Longest sequences that are in the cache at once. Default 1. */
  readonly sequences?: number | undefined
  /** Positions of all sequences that are in the cache at once. Default: `sequences` of the longest. */
  readonly cacheTokens?: number | undefined
  /** What there is to be had; default: not known, everything fits. */
  readonly memoryBytes?: number | undefined
}

/**
 * Compares the headers with the configuration as `loadModel` does, and adds up. Throws `CheckpointError`, `OptionError`,
 * `FormatError`, `FileNotFoundError`, `FileReadError`.
 */
export async function estimateModel(options: EstimateOptions): Promise<Estimate> {
  const { checkpoint, memoryBytes, sequences = 1 } = options
  if (!Number.isInteger(sequences) || sequences < 1)
    throw new OptionError({ option: 'sequences', expected: 'an integer >= 1', got: sequences })
  if (memoryBytes !== undefined && !(memoryBytes >= 0))
    throw new OptionError({ option: 'memoryBytes', expected: 'a number of bytes', got: memoryBytes })
  const inventory = await takeInventory(checkpoint)
  const plan = measure(options, inventory, chooseLimits(options), sequences)
  const fits = memoryBytes === undefined || plan.totalBytes <= memoryBytes
  return {
    ...plan,
    memoryBytes,
    fits,
    longestContext: longestContext(options, inventory, sequences),
  }
}

/** Throws `DoesNotFitError`, with the numbers and the nearest setting that fits. */
export function assertFits(estimate: Estimate): void {
  if (!estimate.fits) throw new DoesNotFitError(estimate)
}

function measure(
  { config, cacheTokens }: EstimateOptions,
  inventory: Inventory,
  limits: Limits,
  sequences: number,
): Omit<Estimate, 'memoryBytes' | 'fits' | 'longestContext'> {
  let weightBytes = 0
  const list = listWeights(inventory, config.quantization, (bytes, label) => {
    weightBytes += bytes
    return { bytes, label }
  })
  const { workspace, cache } = architectures[config.modelType].build(config, list.source, limits)
  const cacheBytesPerToken = cacheBytesPerPosition(cache, limits.cacheType)
  const cacheBytes = cacheBytesPerToken * (cacheTokens ?? limits.contextLength * sequences)
  const activations = workspaceBytes(workspace)
  return {
    architecture: config.modelType,
    parameters: list.parameters(),
    fileBytes: list.jobs.reduce((sum, job) => sum + bytesToRead(job), 0),
    weightBytes,
    workspaceBytes: activations,
    cacheBytesPerToken,
    cacheBytes,
    totalBytes: weightBytes + activations + cacheBytes,
    contextLength: limits.contextLength,
    batch: limits.batch,
    sequences,
  }
}

/** Bisection: memory grows with the context, and a table of positions makes the growth no plain product. */
function longestContext(options: EstimateOptions, inventory: Inventory, sequences: number): number {
  const { memoryBytes, config } = options
  if (memoryBytes === undefined) return config.maxPositions
  const fits = (maxContext: number): boolean => {
    const limits = chooseLimits({ ...options, maxContext })
    return measure(options, inventory, limits, sequences).totalBytes <= memoryBytes
  }
  if (fits(config.maxPositions)) return config.maxPositions
  if (!fits(1)) return 0
  let low = 1
  let high = config.maxPositions
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle
  }
  return low
}
