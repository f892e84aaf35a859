import { type EmbedArgs, isBlockScaled, type Weight, weightShape } from '@octoscale/tensor'
import { groupsOf, type Runtime } from '../runtime.ts'
import { ELEMENTWISE, elementwise } from '../wgsl/invocation.ts'
import { type Run, reads, writes } from '../wgsl/program.ts'
import { weightUse } from '../wgsl/weight.ts'

const copyRows = (set: string): string =>
  elementwise(`let id = checked_index(i / params.hidden);
  let column = i % params.hidden;
  if (id < params.index_limit) { ${set} }`)

/** `out[t, :] = table[ids[t], :]`. */
export function embed(runtime: Runtime, { ids, table, out }: EmbedArgs): void {
  const [vocabulary = 0, hidden = 0] = weightShape(table)
  const [tokens = 0] = ids.shape
  const count = tokens * hidden
  const { program, tensors, numbers } = copyOf(table)
  runtime.run({
    program: { ...program, index: { op: 'embed', tensor: 'ids' } },
    tensors: { ids: reads(ids), ...tensors, out: writes(out) },
    numbers: { count, hidden, index_limit: vocabulary, ...numbers },
    workgroups: groupsOf(count, ELEMENTWISE),
  })
}

function copyOf(table: Weight): Pick<Run, 'program' | 'tensors' | 'numbers'> {
  if (!isBlockScaled(table)) {
    // Bits, not values: subnormals and NaN arrive as they are.
    const code = () => copyRows('set_out_bits(i, rows_bits(id * params.hidden + column));')
    return { program: { name: 'embed', code }, tensors: { rows: reads(table) }, numbers: {} }
  }
  const { name, tensors, numbers, functions } = weightUse(table)
  const code = () => functions() + copyRows('set_out(i, weight_value(First(), id, column));')
  return { program: { name: `embed, ${name}`, code }, tensors, numbers }
}
