import { type LatentAttentionArgs, weightShape } from '@octoscale/tensor'
import { cacheRows } from '../cache-rows.ts'
import { matrix, panelOf } from '../matrix.ts'
import type { Runtime } from '../runtime.ts'

/** Tokens that share one decoding of K and V; it bounds the scratch of long prompts. */
const CHUNK = 32
/** Positions per step of the streaming softmax: `BLOCK` of `assembly/attend.ts`. */
export const BLOCK = 64

/**
 * Latent attention in the absorbed form, in three steps for each chunk of tokens:
 * `query = scale * [qNope . K | qRope]` by head, `mixed = sum_s softmax(query . cache[s]) * c[s]` by token,
 * `out = V . mixed` by head.
 */
export function latentAttention(runtime: Runtime, args: LatentAttentionArgs): void {
  const { heap, kernels } = runtime
  const [tokens = 0, heads = 0, qWidth = 0] = args.q.shape
  const [, , v = 0] = args.out.shape
  const [capacity = 0, width = 0] = args.cache.shape
  const rank = weightShape(args.kvB)[1]!
  const rotated = width - rank
  const nope = qWidth - rotated
  const rows = cacheRows(runtime, 'latentAttention', args, capacity)

  const chunk = Math.min(CHUNK, tokens)
  const query = heap.scratch(
    'attention',
    4 * (chunk * heads * (width + rank) + nope * rank + BLOCK + 2 * heads),
  )
  const mixed = query + 4 * chunk * heads * width
  const keys = mixed + 4 * chunk * heads * rank
  const scores = keys + 4 * nope * rank
  const panel = panelOf(runtime, rank)
  const kvB = matrix(runtime, args.kvB)
  const cache = heap.address(args.cache)

  for (let begin = 0; begin < tokens; begin += chunk) {
    const count = Math.min(chunk, tokens - begin)
    const q = heap.address(args.q) + 4 * begin * heads * qWidth
    const out = heap.address(args.out) + 4 * begin * heads * v
    for (let h = 0; h < heads; h++) {
      const head = q + 4 * h * qWidth
      const target = query + 4 * h * width
      kernels.decodeRows(kvB, h * (nope + v), nope, keys)
      kernels.absorbQuery(
        head,
        4 * heads * qWidth,
        count,
        nope,
        rotated,
        keys,
        rank,
        args.scale,
        target,
        4 * heads * width,
      )
    }
    for (let t = 0; t < count; t++) {
      kernels.attend(
        query + 4 * t * heads * width,
        heads,
        heads,
        width,
        cache,
        4 * width,
        cache,
        4 * width,
        rank,
        rows.pages(begin + t),
        rows.pageSize,
        rows.positions[begin + t]! + 1,
        mixed + 4 * t * heads * rank,
        scores,
      )
    }
    for (let h = 0; h < heads; h++) {
      const source = mixed + 4 * h * rank
      kernels.linear(
        kvB,
        h * (nope + v) + nope,
        v,
        source,
        4 * heads * rank,
        count,
        out + 4 * h * v,
        4 * heads * v,
        panel,
      )
    }
  }
}
