import { type ConcatArgs, numel } from '@octoscale/tensor'
import { groupsOf, type Runtime } from '../runtime.ts'
import { ELEMENTWISE, elementwise } from '../wgsl/invocation.ts'
import { type Program, reads, writes } from '../wgsl/program.ts'

const program: Program = {
  name: 'concat',
  code: () =>
    elementwise(`let row = i / (params.left + params.right);
  let column = i % (params.left + params.right);
  if (column < params.left) { set_out(i, a(row * params.left + column)); }
  else { set_out(i, b(row * params.right + column - params.left)); }`),
}

/** `out[t] = [a[t] | b[t]]`. */
export function concat(runtime: Runtime, { a, b, out }: ConcatArgs): void {
  const count = numel(out.shape)
  runtime.run({
    program,
    tensors: { a: reads(a), b: reads(b), out: writes(out) },
    numbers: { count, left: a.shape[1]!, right: b.shape[1]! },
    workgroups: groupsOf(count, ELEMENTWISE),
  })
}
