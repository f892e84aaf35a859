import { type AttentionArgs, cacheShape } from '@octoscale/tensor'
import { cacheRows } from '../cache-rows.ts'
import { cacheValues } from '../cache-values.ts'
import type { ReferenceMemory } from '../memory.ts'
import { softmax } from '../softmax.ts'
import { dot } from './linear.ts'

/**
 * Grouped-query attention, causal. For token t and head h, which reads the cache of
 * `g = floor(h / (heads / kvHeads))`, over the cache rows s of positions `0 .. positions[t]`:
 * `score[s] = scale * (q[t, h] . keys[s, g])`, `out[t, h] = sum_s softmax(score)[s] * values[s, g]`.
 */
export function attention(memory: ReferenceMemory, args: AttentionArgs): void {
  const [, heads = 0, headDim = 0] = args.q.shape
  const [, , valueDim = 0] = args.out.shape
  const [capacity = 0, kvHeads = 0] = cacheShape(args.keys)
  const q = memory.f32(args.q)
  const keys = cacheValues(memory, args.keys)
  const values = cacheValues(memory, args.values)
  const out = memory.f32(args.out)
  const { positions, row } = cacheRows(memory, 'attention', args, capacity)

  positions.forEach((position, t) => {
    for (let h = 0; h < heads; h++) {
      const g = Math.floor(h / (heads / kvHeads))
      const query = q.subarray((t * heads + h) * headDim, (t * heads + h + 1) * headDim)
      const p = softmax(position + 1, (s) => args.scale * dot(keys.read(row(t, s)), g * headDim, query))
      const mixed = new Float64Array(valueDim)
      p.forEach((weight, s) => {
        const value = values.read(row(t, s))
        for (let i = 0; i < valueDim; i++) mixed[i]! += weight * value[g * valueDim + i]!
      })
      out.set(mixed, (t * heads + h) * valueDim)
    }
  })
}
