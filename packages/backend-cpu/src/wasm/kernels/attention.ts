import { type AttentionArgs, cacheShape } from '@octoscale/tensor'
import { attendScratch } from '../attend-scratch.ts'
import { cacheFields, placement } from '../cache-rows.ts'
import { f32 } from '../fields.ts'
import { opcodes } from '../opcodes.ts'
import { ownScratch, type Runtime } from '../runtime.ts'

/** Tokens of a task, which share a block of the cache while it is near. */
const TOKENS = 8

/** Grouped-query attention: `out[h] = sum_s softmax(scale * q[h] . keys[s, g])[s] * values[s, g]`. */
export function attention(runtime: Runtime, args: AttentionArgs): void {
  const { heap, recorder } = runtime
  const [tokens, heads, headDim] = args.q.shape as [number, number, number]
  const [capacity, kvHeads, valueDim] = cacheShape(args.values) as [number, number, number]
  const group = heads / kvHeads
  // One token is shared out by heads of the cache, more of them by tokens as well.
  const tokenGrain = Math.min(TOKENS, Math.ceil(tokens / recorder.threads))
  const headGrain = tokens === 1 ? Math.ceil(kvHeads / recorder.threads) : 1
  recorder.op(opcodes.attention, [
    ...placement(runtime, args, capacity),
    heap.address(args.q),
    heads,
    kvHeads,
    headDim,
    valueDim,
    ...cacheFields(runtime, args.keys),
    ...cacheFields(runtime, args.values),
    f32(args.scale),
    heap.address(args.out),
    tokenGrain,
    headGrain,
    ...ownScratch(runtime, 'attend', attendScratch(tokenGrain * headGrain * group, headDim, valueDim)),
  ])
}
