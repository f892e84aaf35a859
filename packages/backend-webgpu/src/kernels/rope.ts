import type { RopeArgs } from '@octoscale/tensor'
import { groupsOf, type Runtime } from '../runtime.ts'
import { ELEMENTWISE, elementwise } from '../wgsl/invocation.ts'
import { type Program, reads, writes } from '../wgsl/program.ts'

/** One invocation per pair: `i` counts pairs of `[tokens, heads, halfDim]`. */
const program: Program = {
  name: 'rope',
  index: { op: 'rope', tensor: 'positions' },
  code: () =>
    elementwise(`let pair = i % params.half_dim;
  let head = i / params.half_dim;
  let position = checked_index(head / params.heads);
  if (position == params.index_limit) { return; }
  let angle = 2u * (position * params.half_dim + pair);
  let start = (head + 1u) * params.head_dim - 2u * params.half_dim;
  let first = start + select(2u * pair, pair, HALVES);
  let second = select(first + 1u, first + params.half_dim, HALVES);
  let a = x(first);
  let b = x(second);
  set_x(first, a * angles(angle) - b * angles(angle + 1u));
  set_x(second, a * angles(angle + 1u) + b * angles(angle));`),
}

/** Rotates the last `2 * halfDim` values of each head by the angles of the token's position. */
export function rope(runtime: Runtime, { pairs, x, positions, table }: RopeArgs): void {
  const [tokens = 0, heads = 0, head_dim = 0] = x.shape
  const [maxPositions = 0, half_dim = 0] = table.shape
  const count = tokens * heads * half_dim
  runtime.run({
    program,
    tensors: { x: writes(x), positions: reads(positions), angles: reads(table) },
    numbers: { count, heads, head_dim, half_dim, index_limit: maxPositions },
    constants: { HALVES: pairs === 'halves' },
    workgroups: groupsOf(count, ELEMENTWISE),
  })
}
