import { numel, type WriteKvArgs } from '@octoscale/tensor'
import { cacheRows, ownRows } from '../cache-rows.ts'
import type { Runtime } from '../runtime.ts'

/** `keys[row(t, positions[t])] = k[t]`, `values[row(t, positions[t])] = v[t]`. */
export function writeKv(runtime: Runtime, args: WriteKvArgs): void {
  const { heap, kernels } = runtime
  const [tokens = 0] = args.k.shape
  const [capacity = 0] = args.keys.shape
  const rows = ownRows(runtime, args, cacheRows(runtime, 'writeKv', args, capacity))
  const write = (source: WriteKvArgs['k'], cache: WriteKvArgs['k']) =>
    kernels.scatterRows(
      heap.address(source),
      rows,
      heap.address(cache),
      tokens,
      (numel(source.shape) / tokens) * 4,
    )
  write(args.k, args.keys)
  write(args.v, args.values)
}
