import type { AttentionArgs } from '@octoscale/tensor'
import { cacheRows } from '../cache-rows.ts'
import type { Runtime } from '../runtime.ts'
import { BLOCK } from './latent-attention.ts'

/** Grouped-query attention, token by token: `out[h] = sum_s softmax(scale * q[h] . keys[s, g])[s] * values[s, g]`. */
export function attention(runtime: Runtime, args: AttentionArgs): void {
  const { heap, kernels } = runtime
  const [tokens, heads, headDim] = args.q.shape as [number, number, number]
  const [capacity, kvHeads, valueDim] = args.values.shape as [number, number, number]
  const rows = cacheRows(runtime, 'attention', args, capacity)

  const query = heap.scratch('attention', 4 * (heads * headDim + BLOCK + 2 * heads))
  const scores = query + 4 * heads * headDim
  const q = heap.address(args.q)
  const keys = heap.address(args.keys)
  const values = heap.address(args.values)
  const out = heap.address(args.out)
  for (let t = 0; t < tokens; t++) {
    heap.u8.fill(0, query, scores)
    kernels.addScaled(q + 4 * t * heads * headDim, args.scale, heads * headDim, query)
    kernels.attend(
      query,
      heads,
      heads / kvHeads,
      headDim,
      keys,
      4 * kvHeads * headDim,
      values,
      4 * kvHeads * valueDim,
      valueDim,
      rows.pages(t),
      rows.pageSize,
      rows.positions[t]! + 1,
      out + 4 * t * heads * valueDim,
      scores,
    )
  }
}
