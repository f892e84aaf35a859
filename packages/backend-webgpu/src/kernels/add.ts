import { type AddArgs, numel } from '@octoscale/tensor'
import { groupsOf, type Runtime } from '../runtime.ts'
import { ELEMENTWISE, elementwise } from '../wgsl/invocation.ts'
import { type Program, reads, writes } from '../wgsl/program.ts'

const program: Program = { name: 'add', code: () => elementwise('set_out(i, a(i) + b(i % params.columns));') }

/** `out = a + b`; a row `b` again for each row of `a`. */
export function add(runtime: Runtime, { a, b, out }: AddArgs): void {
  const count = numel(out.shape)
  runtime.run({
    program,
    tensors: { a: reads(a), b: reads(b), out: writes(out) },
    numbers: { count, columns: numel(b.shape) },
    workgroups: groupsOf(count, ELEMENTWISE),
  })
}
