import { cacheShape, numel, type WriteKvArgs } from '@octoscale/tensor'
import { cacheFields, placement } from '../cache-rows.ts'
import { opcodes } from '../opcodes.ts'
import type { Runtime } from '../runtime.ts'

/** `keys[row(t, positions[t])] = k[t]`, `values[row(t, positions[t])] = v[t]`, rounded to what the caches store. */
export function writeKv(runtime: Runtime, args: WriteKvArgs): void {
  const { heap, recorder } = runtime
  const [tokens = 0] = args.k.shape
  const [capacity = 0] = cacheShape(args.keys)
  const rowBytes = (t: WriteKvArgs['k']) => (numel(t.shape) / tokens) * 4
  recorder.op(opcodes.writeKv, [
    ...placement(runtime, args, capacity),
    heap.address(args.k),
    rowBytes(args.k),
    ...cacheFields(runtime, args.keys),
    heap.address(args.v),
    rowBytes(args.v),
    ...cacheFields(runtime, args.values),
  ])
}
