import { cacheShape, type WriteKvArgs } from '@octoscale/tensor'
import { cacheRows } from '../cache-rows.ts'
import { cacheValues } from '../cache-values.ts'
import type { ReferenceMemory } from '../memory.ts'

/** `keys[row(t, positions[t])] = k[t]`, `values[row(t, positions[t])] = v[t]`, rounded to what the cache stores. */
export function writeKv(memory: ReferenceMemory, args: WriteKvArgs): void {
  const [capacity = 0] = cacheShape(args.keys)
  const { positions, row } = cacheRows(memory, 'writeKv', args, capacity)
  for (const [source, cache] of [
    [memory.f32(args.k), cacheValues(memory, args.keys)],
    [memory.f32(args.v), cacheValues(memory, args.values)],
  ] as const) {
    const width = source.length / positions.length
    positions.forEach((position, t) => {
      cache.write(row(t, position), source.subarray(t * width, (t + 1) * width))
    })
  }
}
