import { cacheShape, type LatentAttentionArgs } from '@octoscale/tensor'
import { cacheRows } from '../cache-rows.ts'
import { cacheValues } from '../cache-values.ts'
import type { ReferenceMemory } from '../memory.ts'
import { softmax } from '../softmax.ts'
import { dot } from './linear.ts'

/**
 * Multi-head latent attention in the absorbed form, causal. For token t and head h, with
 * `q[t, h] = [qNope | qRope]`, `cache[s] = [c | k]`, `K = kvB[h, :nope]`, `V = kvB[h, nope:]`:
 * `score[s] = scale * ((qNope . K) . c[s] + qRope . k[s])` over the rows s of positions `0 .. positions[t]`,
 * `out[t, h] = V . sum_s softmax(score)[s] * c[s]`.
 */
export function latentAttention(memory: ReferenceMemory, args: LatentAttentionArgs): void {
  const [, heads = 0, qWidth = 0] = args.q.shape
  const [, , v = 0] = args.out.shape
  const [capacity = 0, width = 0] = cacheShape(args.cache)
  const kvB = memory.weight(args.kvB)
  const rank = kvB.columns
  const nope = qWidth - (width - rank)
  const q = memory.f32(args.q)
  const cache = cacheValues(memory, args.cache)
  const out = memory.f32(args.out)
  const { positions, row } = cacheRows(memory, 'latentAttention', args, capacity)

  for (let h = 0; h < heads; h++) {
    const kv = Array.from({ length: nope + v }, (_, r) => kvB.row(h * (nope + v) + r))
    positions.forEach((position, t) => {
      const qStart = (t * heads + h) * qWidth
      // One query over the cache's width: [qNope . K | qRope], so that a score is one dot product.
      const query = new Float64Array(width)
      for (let n = 0; n < nope; n++) {
        for (let r = 0; r < rank; r++) query[r]! += q[qStart + n]! * kv[n]![r]!
      }
      query.set(q.subarray(qStart + nope, qStart + qWidth), rank)
      const p = softmax(position + 1, (s) => args.scale * dot(cache.read(row(t, s)), 0, query))
      const mixed = new Float64Array(rank)
      p.forEach((weight, s) => {
        const latent = cache.read(row(t, s))
        for (let r = 0; r < rank; r++) mixed[r]! += weight * latent[r]!
      })
      for (let i = 0; i < v; i++) out[(t * heads + h) * v + i] = dot(mixed, 0, kv[nope + i]!)
    })
  }
}
