import { cacheShape, type WriteLatentArgs } from '@octoscale/tensor'
import { cacheFields, placement } from '../cache-rows.ts'
import { f32 } from '../fields.ts'
import { kindOf } from '../kinds.ts'
import { opcodes } from '../opcodes.ts'
import { ownScratch, type Runtime } from '../runtime.ts'

/** `cache[row(t, positions[t])] = [rmsNorm(latent) | rope(key)]`, rounded to what the cache stores, with `kv[t] = [latent (rank) | key (2 * halfDim)]`. */
export function writeLatent(runtime: Runtime, args: WriteLatentArgs): void {
  const { heap, recorder } = runtime
  const [rank = 0] = args.weight.shape
  const [maxPositions = 0, halfDim = 0] = args.table.shape
  const [capacity = 0] = cacheShape(args.cache)
  recorder.op(opcodes.writeLatent, [
    ...placement(runtime, args, capacity, maxPositions),
    heap.address(args.kv),
    kindOf(args.weight.dtype),
    heap.address(args.weight),
    f32(args.epsilon),
    rank,
    halfDim,
    heap.address(args.table),
    ...cacheFields(runtime, args.cache),
    ...ownScratch(runtime, 'floats', (2 * rank + 2 * halfDim) * 4),
  ])
}
