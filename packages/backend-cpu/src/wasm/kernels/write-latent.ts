import type { WriteLatentArgs } from '@octoscale/tensor'
import { floats, indices, type Runtime } from '../runtime.ts'

/** `cache[positions[t]] = [rmsNorm(latent) | rope(key)]` with `kv[t] = [latent (rank) | key (2 * halfDim)]`. */
export function writeLatent(runtime: Runtime, args: WriteLatentArgs): void {
  const { heap, kernels } = runtime
  const [tokens = 0] = args.kv.shape
  const [rank = 0] = args.weight.shape
  const [maxPositions = 0, halfDim = 0] = args.table.shape
  const [capacity = 0] = args.cache.shape
  indices(runtime, 'writeLatent', 'positions', args.positions, Math.min(maxPositions, capacity))
  kernels.writeLatent(
    heap.address(args.kv),
    floats(runtime, args.weight),
    args.epsilon,
    tokens,
    rank,
    halfDim,
    heap.address(args.positions),
    heap.address(args.table),
    heap.address(args.cache),
  )
}
