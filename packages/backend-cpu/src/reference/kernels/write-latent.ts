import { cacheShape, type WriteLatentArgs } from '@octoscale/tensor'
import { cacheRows } from '../cache-rows.ts'
import { cacheValues } from '../cache-values.ts'
import type { ReferenceMemory } from '../memory.ts'
import { normalizeRow } from './rms-norm.ts'
import { rotatePairs } from './rope.ts'

/**
 * `cache[row(t, positions[t])] = [rmsNorm(latent) | rope(key)]` with `kv[t] = [latent (rank) | key (2 * halfDim)]`: an f32
 * row, then rounded to what the cache stores.
 */
export function writeLatent(memory: ReferenceMemory, args: WriteLatentArgs): void {
  const [, width = 0] = args.kv.shape
  const [rank = 0] = args.weight.shape
  const [maxPositions = 0] = args.table.shape
  const [capacity = 0] = cacheShape(args.cache)
  const kv = memory.f32(args.kv)
  const weight = memory.floats(args.weight)
  const table = memory.f32(args.table)
  const cache = cacheValues(memory, args.cache)
  const rotated = width - rank
  const { positions, row } = cacheRows(memory, 'writeLatent', args, capacity, maxPositions)
  positions.forEach((position, t) => {
    const source = kv.subarray(t * width, (t + 1) * width)
    const target = new Float32Array(width)
    normalizeRow(source.subarray(0, rank), weight, args.epsilon, target)
    target.set(source.subarray(rank), rank)
    rotatePairs(target, rank, 'interleaved', table.subarray(position * rotated, (position + 1) * rotated))
    cache.write(row(t, position), target)
  })
}
