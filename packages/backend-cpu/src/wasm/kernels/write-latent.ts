import type { WriteLatentArgs } from '@octoscale/tensor'
import { placement } from '../cache-rows.ts'
import { f32 } from '../fields.ts'
import { kindOf } from '../kinds.ts'
import { opcodes } from '../opcodes.ts'
import { ownScratch, type Runtime } from '../runtime.ts'

/** `cache[row(t, positions[t])] = [rmsNorm(latent) | rope(key)]` with `kv[t] = [latent (rank) | key (2 * halfDim)]`. */
export function writeLatent(runtime: Runtime, args: WriteLatentArgs): void {
  const { heap, recorder } = runtime
  const [rank = 0] = args.weight.shape
  const [maxPositions = 0, halfDim = 0] = args.table.shape
  const [capacity = 0] = args.cache.shape
  recorder.op(opcodes.writeLatent, [
    ...placement(runtime, args, capacity, maxPositions),
    heap.address(args.kv),
    kindOf(args.weight.dtype),
    heap.address(args.weight),
    f32(args.epsilon),
    rank,
    halfDim,
    heap.address(args.table),
    heap.address(args.cache),
    ...ownScratch(runtime, 'floats', rank * 4),
  ])
}
