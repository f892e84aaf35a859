import { cacheShape, type WriteKvArgs } from '@octoscale/tensor'
import { cacheRows } from '../cache-rows.ts'
import type { Runtime } from '../runtime.ts'
import { storeRows } from '../store-rows.ts'

/** `keys[row(t, positions[t])] = k[t]`, `values[row(t, positions[t])] = v[t]`. */
export function writeKv(runtime: Runtime, args: WriteKvArgs): void {
  const [capacity = 0] = cacheShape(args.keys)
  const rows = cacheRows(runtime, 'writeKv', args, capacity)
  storeRows(runtime, args.k, args.keys, rows)
  storeRows(runtime, args.v, args.values, rows)
}
