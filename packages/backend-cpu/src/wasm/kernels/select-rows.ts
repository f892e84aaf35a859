import { numel, type SelectRowsArgs } from '@octoscale/tensor'
import { opcodes } from '../opcodes.ts'
import type { Runtime } from '../runtime.ts'

/** `out[r] = x[rows[r]]`. */
export function selectRows({ heap, recorder }: Runtime, { x, rows, out }: SelectRowsArgs): void {
  const [tokens = 0, hidden = 0] = x.shape
  const [from, which] = [heap.address(x), heap.address(rows)]
  recorder.op(opcodes.selectRows, [from, tokens, which, numel(rows.shape), hidden * 4, heap.address(out)])
}
