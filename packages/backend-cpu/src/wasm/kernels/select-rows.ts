import type { SelectRowsArgs } from '@octoscale/tensor'
import { indices, type Runtime } from '../runtime.ts'

/** `out[r] = x[rows[r]]`. */
export function selectRows(runtime: Runtime, { x, rows, out }: SelectRowsArgs): void {
  const { heap } = runtime
  const [tokens = 0, hidden = 0] = x.shape
  const source = heap.address(x)
  const rowBytes = hidden * 4
  let target = heap.address(out)
  for (const row of indices(runtime, 'selectRows', 'rows', rows, tokens)) {
    const start = source + row * rowBytes
    heap.u8.copyWithin(target, start, start + rowBytes)
    target += rowBytes
  }
}
