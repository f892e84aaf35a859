import { cacheShape, type LatentAttentionArgs, weightShape } from '@octoscale/tensor'
import { attendScratch } from '../attend-scratch.ts'
import { cacheFields, placement } from '../cache-rows.ts'
import { f32 } from '../fields.ts'
import { opcodes } from '../opcodes.ts'
import { ownScratch, type Runtime } from '../runtime.ts'

/** Tokens that share one decoding of K and V in the absorbed form; it bounds the scratch of long prompts. */
const CHUNK = 32
/** Shorter runs of tokens are never expanded: the same as in `assembly/latent-expand.ts`. */
const LEAST_RUN = 8
/** Tokens that share the expanded keys and values; it bounds scratch, and is the same for any number of threads. */
const TOKENS = 512

interface Sizes {
  readonly tokens: number
  readonly heads: number
  readonly nope: number
  readonly rotated: number
  readonly v: number
  readonly rank: number
  readonly capacity: number
}

/**
 * Latent attention: runs of many tokens with keys and values expanded from the cache, where that takes fewer
 * multiplications, which the kernel finds out from the positions; all other tokens in the absorbed form.
 */
export function latentAttention(runtime: Runtime, args: LatentAttentionArgs): void {
  const [tokens = 0, heads = 0, qWidth = 0] = args.q.shape
  const [, , v = 0] = args.out.shape
  const [capacity = 0, width = 0] = cacheShape(args.cache)
  const rank = weightShape(args.kvB)[1]!
  const rotated = width - rank
  const sizes = { tokens, heads, nope: qWidth - rotated, rotated, v, rank, capacity }
  const expanded = tokens < LEAST_RUN ? 0 : expand(runtime, args, sizes)
  absorb(runtime, args, sizes, expanded)
}

/** Returns the address of what says which tokens were computed. */
function expand(runtime: Runtime, args: LatentAttentionArgs, sizes: Sizes): number {
  const { heap, recorder, weights } = runtime
  const { tokens, heads, nope, rotated, v, rank, capacity } = sizes
  const expanded = heap.scratch('expanded tokens', 4 * tokens)
  // Threads without a head of their own share the tokens of one.
  const shares = Math.ceil(recorder.threads / heads)
  const tokenGrain = Math.min(TOKENS, Math.ceil(tokens / shares))
  recorder.op(opcodes.latentExpand, [
    ...placement(runtime, args, capacity),
    weights.record(args.kvB),
    heap.address(args.q),
    heads,
    nope,
    rotated,
    v,
    rank,
    ...cacheFields(runtime, args.cache),
    f32(args.scale),
    heap.address(args.out),
    expanded,
    tokenGrain,
    ...ownScratch(runtime, 'attend', attendScratch(tokenGrain, nope + rotated, v)),
    ...ownScratch(runtime, 'latents', 4 * (64 * (rank + rotated) + 4 * rank)),
  ])
  return expanded
}

/**
 * The absorbed form in three steps for each chunk of tokens: `query = scale * [qNope . K | qRope]` by head,
 * `mixed = sum_s softmax(query . cache[s]) * c[s]` by token, `out = V . mixed` by head.
 */
function absorb(runtime: Runtime, args: LatentAttentionArgs, sizes: Sizes, expanded: number): void {
  const { heap, recorder, weights } = runtime
  const { tokens, heads, nope, rotated, v, rank, capacity } = sizes
  const width = rank + rotated
  const chunk = Math.min(CHUNK, tokens)
  const query = heap.scratch('latent attention', 4 * chunk * heads * (width + rank))
  const mixed = query + 4 * chunk * heads * width
  const keys = ownScratch(runtime, 'keys', 4 * nope * rank)
  const panel = ownScratch(runtime, 'panel', 4 * rank * 4)
  // One token is shared out by heads, more of them by tokens.
  const headGrain = tokens === 1 ? Math.ceil(heads / recorder.threads) : heads
  const scratch = ownScratch(runtime, 'attend', attendScratch(headGrain, width))
  const kvB = weights.record(args.kvB)
  const cache = cacheFields(runtime, args.cache)
  const scale = f32(args.scale)

  for (let first = 0; first < tokens; first += chunk) {
    const count = Math.min(chunk, tokens - first)
    const q = heap.address(args.q) + 4 * first * heads * (nope + rotated)
    const out = heap.address(args.out) + 4 * first * heads * v
    const done = expanded === 0 ? 0 : expanded + 4 * first
    const counts = [count, heads, nope, rotated, v, rank]
    recorder.op(opcodes.absorbQuery, [kvB, q, ...counts, scale, query, ...keys, done])
    recorder.op(opcodes.latentAttend, [
      ...placement(runtime, args, capacity, Infinity, first, count),
      query,
      heads,
      headGrain,
      width,
      ...cache,
      rank,
      mixed,
      ...scratch,
      done,
    ])
    recorder.op(opcodes.latentOutput, [kvB, mixed, count, heads, nope, v, rank, out, ...panel, done])
  }
}
