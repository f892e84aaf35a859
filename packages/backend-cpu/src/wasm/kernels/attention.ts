import type { AttentionArgs } from '@octoscale/tensor'
import { cacheRows } from '../cache-rows.ts'
import type { Runtime } from '../runtime.ts'
import { BLOCK } from './latent-attention.ts'

/**
 * Grouped-query attention: for each token and key head, all query heads of its group stream over the cache together,
 * `out[h] = sum_s softmax(scale * q[h] . keys[s])[s] * values[s]`.
 */
export function attention(runtime: Runtime, args: AttentionArgs): void {
  const { heap, kernels } = runtime
  const [tokens, heads, headDim] = args.q.shape as [number, number, number]
  const [capacity, kvHeads, valueDim] = args.values.shape as [number, number, number]
  const rows = cacheRows(runtime, 'attention', args, capacity)
  const group = heads / kvHeads

  const query = heap.scratch('attention', 4 * (heads * headDim + BLOCK + 2 * group))
  const scores = query + 4 * heads * headDim
  const q = heap.address(args.q)
  const keys = heap.address(args.keys)
  const values = heap.address(args.values)
  const out = heap.address(args.out)
  for (let t = 0; t < tokens; t++) {
    heap.u8.fill(0, query, scores)
    kernels.addScaled(q + 4 * t * heads * headDim, args.scale, heads * headDim, query)
    for (let g = 0; g < kvHeads; g++) {
      kernels.attend(
        query + 4 * g * group * headDim,
        group,
        headDim,
        keys + 4 * g * headDim,
        4 * kvHeads * headDim,
        values + 4 * g * valueDim,
        4 * kvHeads * valueDim,
        valueDim,
        rows.pages(t),
        rows.pageSize,
        rows.positions[t]! + 1,
        out + 4 * (t * heads + g * group) * valueDim,
        scores,
      )
    }
  }
}
