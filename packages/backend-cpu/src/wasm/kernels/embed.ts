import { bytesPerElement, type EmbedArgs } from '@octoscale/tensor'
import { indices, kindOf, type Runtime } from '../runtime.ts'

/** `out[t, :] = table[ids[t], :]`. */
export function embed(runtime: Runtime, { ids, table, out }: EmbedArgs): void {
  const { heap, kernels } = runtime
  const [vocabulary = 0, hidden = 0] = table.shape
  const source = heap.address(table)
  const rowBytes = hidden * bytesPerElement(table.dtype)
  const kind = kindOf(table.dtype)
  let target = heap.address(out)
  for (const id of indices(runtime, 'embed', 'ids', ids, vocabulary)) {
    kernels.decode(kind, source + id * rowBytes, hidden, 1, target)
    target += hidden * 4
  }
}
