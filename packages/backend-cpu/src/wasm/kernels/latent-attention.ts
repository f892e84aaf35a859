import { type LatentAttentionArgs, weightShape } from '@octoscale/tensor'
import { placement } from '../cache-rows.ts'
import { f32 } from '../fields.ts'
import { opcodes } from '../opcodes.ts'
import { ownScratch, type Runtime } from '../runtime.ts'

/** Tokens that share one decoding of K and V; it bounds the scratch of long prompts. */
const CHUNK = 32
/** Positions per step of the streaming softmax: `BLOCK` of `assembly/attend.ts`. */
const BLOCK = 64

/** Bytes of scratch that `attend` needs. */
export function attendScratch(heads: number): number {
  return 4 * (BLOCK + 2 * heads)
}

/**
 * Latent attention in the absorbed form, in three steps for each chunk of tokens:
 * `query = scale * [qNope . K | qRope]` by head, `mixed = sum_s softmax(query . cache[s]) * c[s]` by token,
 * `out = V . mixed` by head.
 */
export function latentAttention(runtime: Runtime, args: LatentAttentionArgs): void {
  const { heap, recorder, weights } = runtime
  const [tokens = 0, heads = 0, qWidth = 0] = args.q.shape
  const [, , v = 0] = args.out.shape
  const [capacity = 0, width = 0] = args.cache.shape
  const rank = weightShape(args.kvB)[1]!
  const rotated = width - rank
  const nope = qWidth - rotated

  const chunk = Math.min(CHUNK, tokens)
  const query = heap.scratch('latent attention', 4 * chunk * heads * (width + rank))
  const mixed = query + 4 * chunk * heads * width
  const keys = ownScratch(runtime, 'keys', 4 * nope * rank)
  const panel = ownScratch(runtime, 'panel', 4 * rank * 4)
  // One token is shared out by heads, more of them by tokens.
  const headGrain = tokens === 1 ? Math.ceil(heads / recorder.threads) : heads
  const scratch = ownScratch(runtime, 'attend', attendScratch(headGrain))
  const kvB = weights.record(args.kvB)
  const cache = heap.address(args.cache)

  for (let first = 0; first < tokens; first += chunk) {
    const count = Math.min(chunk, tokens - first)
    const q = heap.address(args.q) + 4 * first * heads * qWidth
    const out = heap.address(args.out) + 4 * first * heads * v
    const scale = f32(args.scale)
    const sizes = [count, heads, nope, rotated, v, rank]
    recorder.op(opcodes.absorbQuery, [kvB, q, ...sizes, scale, query, ...keys])
    recorder.op(opcodes.latentAttend, [
      ...placement(runtime, args, capacity, Infinity, first, count),
      query,
      heads,
      headGrain,
      width,
      cache,
      rank,
      mixed,
      ...scratch,
    ])
    recorder.op(opcodes.latentOutput, [kvB, mixed, count, heads, nope, v, rank, out, ...panel])
  }
}
