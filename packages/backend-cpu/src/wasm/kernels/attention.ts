import type { AttentionArgs } from '@octoscale/tensor'
import { placement } from '../cache-rows.ts'
import { f32 } from '../fields.ts'
import { opcodes } from '../opcodes.ts'
import { ownScratch, type Runtime } from '../runtime.ts'
import { attendScratch } from './latent-attention.ts'

/** Grouped-query attention: `out[h] = sum_s softmax(scale * q[h] . keys[s, g])[s] * values[s, g]`. */
export function attention(runtime: Runtime, args: AttentionArgs): void {
  const { heap, recorder } = runtime
  const [, heads, headDim] = args.q.shape as [number, number, number]
  const [capacity, kvHeads, valueDim] = args.values.shape as [number, number, number]
  const group = heads / kvHeads
  recorder.op(opcodes.attention, [
    ...placement(runtime, args, capacity),
    heap.address(args.q),
    heads,
    kvHeads,
    headDim,
    valueDim,
    heap.address(args.keys),
    heap.address(args.values),
    f32(args.scale),
    heap.address(args.out),
    ...ownScratch(runtime, 'attend', 4 * group * headDim + attendScratch(group)),
  ])
}
