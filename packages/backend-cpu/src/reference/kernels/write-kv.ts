import type { WriteKvArgs } from '@octoscale/tensor'
import { cacheRows } from '../cache-rows.ts'
import type { ReferenceMemory } from '../memory.ts'

/** `keys[row(t, positions[t])] = k[t]`, `values[row(t, positions[t])] = v[t]`. */
export function writeKv(memory: ReferenceMemory, args: WriteKvArgs): void {
  const [capacity = 0] = args.keys.shape
  const { positions, row } = cacheRows(memory, 'writeKv', args, capacity)
  for (const [source, cache] of [
    [memory.f32(args.k), memory.f32(args.keys)],
    [memory.f32(args.v), memory.f32(args.values)],
  ] as const) {
    const width = source.length / positions.length
    positions.forEach((position, t) => {
      cache.set(source.subarray(t * width, (t + 1) * width), row(t, position) * width)
    })
  }
}
