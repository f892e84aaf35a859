import type { SelectRowsArgs } from '@octoscale/tensor'
import type { ReferenceMemory } from '../memory.ts'

/** `out[r, :] = x[rows[r], :]`, bit for bit: as integers, because a NaN may not survive as a number. */
export function selectRows(memory: ReferenceMemory, { x, rows, out }: SelectRowsArgs): void {
  const [tokens = 0, hidden = 0] = x.shape
  const values = memory.i32(x)
  const result = memory.i32(out)
  memory.indices('selectRows', 'rows', rows, tokens).forEach((row, r) => {
    result.set(values.subarray(row * hidden, (row + 1) * hidden), r * hidden)
  })
}
