import type { WriteLatentArgs } from '@octoscale/tensor'
import { cacheRows, ownRows } from '../cache-rows.ts'
import { floats, type Runtime } from '../runtime.ts'

/** `cache[row(t, positions[t])] = [rmsNorm(latent) | rope(key)]` with `kv[t] = [latent (rank) | key (2 * halfDim)]`. */
export function writeLatent(runtime: Runtime, args: WriteLatentArgs): void {
  const { heap, kernels } = runtime
  const [tokens = 0] = args.kv.shape
  const [rank = 0] = args.weight.shape
  const [maxPositions = 0, halfDim = 0] = args.table.shape
  const [capacity = 0] = args.cache.shape
  const rows = cacheRows(runtime, 'writeLatent', args, capacity, maxPositions)
  const own = ownRows(runtime, args, rows)
  kernels.writeLatent(
    heap.address(args.kv),
    floats(runtime, args.weight),
    args.epsilon,
    tokens,
    rank,
    halfDim,
    heap.address(args.positions),
    own,
    heap.address(args.table),
    heap.address(args.cache),
  )
}
