import type { RmsNormArgs } from '@octoscale/tensor'
import type { Runtime } from '../runtime.ts'
import { cooperative } from '../wgsl/invocation.ts'
import { type Program, reads, writes } from '../wgsl/program.ts'
import { reduction } from '../wgsl/reduce.ts'

const lanes = 256

/** One workgroup per row. `r` is the residual after `x` was added to it, or `x`: each lane reads what itself wrote. */
function program(residual: boolean): Program {
  const addResidual = 'set_residual(at, residual(at) + x(at));'
  const row = residual ? 'residual' : 'x'
  return {
    name: residual ? 'rms-norm with residual' : 'rms-norm',
    code: () =>
      reduction('sum', lanes) +
      cooperative(
        lanes,
        `let start = item * params.hidden;
  var squares = 0.0;
  for (var i = lane; i < params.hidden; i += LANES) {
    let at = start + i;
    ${residual ? addResidual : ''}
    squares += ${row}(at) * ${row}(at);
  }
  let mean = sum_of_lanes(lane, squares) / f32(params.hidden);
  let factor = 1.0 / sqrt(mean + params.epsilon);
  for (var i = lane; i < params.hidden; i += LANES) {
    set_out(start + i, weight(i) * ${row}(start + i) * factor);
  }`,
      ),
  }
}

const plain = program(false)
const withResidual = program(true)

/** `residual += x` if there is one, then each row of it (or of `x`) normalized. */
export function rmsNorm(runtime: Runtime, { x, residual, weight, epsilon, out }: RmsNormArgs): void {
  const [tokens = 0, hidden = 0] = x.shape
  const tensors = { x: reads(x), weight: reads(weight), out: writes(out) }
  runtime.run({
    program: residual === undefined ? plain : withResidual,
    tensors: residual === undefined ? tensors : { ...tensors, residual: writes(residual) },
    numbers: { count: tokens, hidden },
    floats: { epsilon },
    workgroups: tokens,
  })
}
