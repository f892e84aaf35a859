import type { SelectRowsArgs } from '@octoscale/tensor'
import { groupsOf, type Runtime } from '../runtime.ts'
import { ELEMENTWISE, elementwise } from '../wgsl/invocation.ts'
import { type Program, reads, writes } from '../wgsl/program.ts'

const program: Program = {
  name: 'select-rows',
  index: { op: 'selectRows', tensor: 'rows' },
  code: () =>
    elementwise(`let row = checked_index(i / params.hidden);
  if (row < params.index_limit) { set_out_bits(i, x_bits(row * params.hidden + i % params.hidden)); }`),
}

/** `out[r, :] = x[rows[r], :]`. */
export function selectRows(runtime: Runtime, { x, rows, out }: SelectRowsArgs): void {
  const [tokens = 0, hidden = 0] = x.shape
  const [selected = 0] = rows.shape
  const count = selected * hidden
  runtime.run({
    program,
    tensors: { x: reads(x), rows: reads(rows), out: writes(out) },
    numbers: { count, hidden, index_limit: tokens },
    workgroups: groupsOf(count, ELEMENTWISE),
  })
}
