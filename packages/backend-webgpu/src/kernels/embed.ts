import type { EmbedArgs } from '@octoscale/tensor'
import { groupsOf, type Runtime } from '../runtime.ts'
import { ELEMENTWISE, elementwise } from '../wgsl/invocation.ts'
import { type Program, reads, writes } from '../wgsl/program.ts'

/** Bits, not values: subnormals and NaN arrive as they are. */
const program: Program = {
  name: 'embed',
  index: { op: 'embed', tensor: 'ids' },
  code: () =>
    elementwise(`let id = checked_index(i / params.hidden);
  if (id < params.index_limit) { set_out_bits(i, rows_bits(id * params.hidden + i % params.hidden)); }`),
}

/** `out[t, :] = table[ids[t], :]`. */
export function embed(runtime: Runtime, { ids, table, out }: EmbedArgs): void {
  const [vocabulary = 0, hidden = 0] = table.shape
  const [tokens = 0] = ids.shape
  const count = tokens * hidden
  runtime.run({
    program,
    tensors: { ids: reads(ids), rows: reads(table), out: writes(out) },
    numbers: { count, hidden, index_limit: vocabulary },
    workgroups: groupsOf(count, ELEMENTWISE),
  })
}
