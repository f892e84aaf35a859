import { numel, type SiluMulArgs } from '@octoscale/tensor'
import { groupsOf, type Runtime } from '../runtime.ts'
import { ELEMENTWISE, elementwise } from '../wgsl/invocation.ts'
import { type Program, reads, writes } from '../wgsl/program.ts'
import { sigmoid } from '../wgsl/sigmoid.ts'

const program: Program = {
  name: 'silu-mul',
  code: () => sigmoid + elementwise('let v = gate(i);\n  set_out(i, v * sigmoid(v) * up(i));'),
}

/** `out = silu(gate) * up`, `silu(v) = v * sigmoid(v)`. */
export function siluMul(runtime: Runtime, { gate, up, out }: SiluMulArgs): void {
  const count = numel(out.shape)
  runtime.run({
    program,
    tensors: { gate: reads(gate), up: reads(up), out: writes(out) },
    numbers: { count },
    workgroups: groupsOf(count, ELEMENTWISE),
  })
}
