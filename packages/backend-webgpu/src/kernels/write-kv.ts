import { numel, type Tensor, type WriteKvArgs } from '@octoscale/tensor'
import { type CacheRows, cacheRows } from '../cache-rows.ts'
import { groupsOf, type Runtime } from '../runtime.ts'
import { ELEMENTWISE, elementwise } from '../wgsl/invocation.ts'
import { type Program, reads, writes } from '../wgsl/program.ts'

const program = (rows: CacheRows): Program => ({
  name: `write, ${rows.name}`,
  index: rows.index,
  code: () =>
    rows.functions +
    elementwise(`let token = i / params.width;
  let seen = seen_by(token);
  if (seen == 0u) { return; }
  set_cache(row_of(token, seen - 1u) * params.width + i % params.width, source(i));`),
})

/** `keys[row(t, positions[t])] = k[t]`, `values[row(t, positions[t])] = v[t]`. */
export function writeKv(runtime: Runtime, args: WriteKvArgs): void {
  const [tokens = 0] = args.k.shape
  const [capacity = 0] = args.keys.shape
  const rows = cacheRows(runtime, 'writeKv', args, capacity)
  const write = (source: Tensor, cache: Tensor): void => {
    const count = numel(source.shape)
    runtime.run({
      program: program(rows),
      tensors: { source: reads(source), ...rows.tensors, cache: writes(cache) },
      numbers: { count, width: count / tokens, ...rows.numbers },
      workgroups: groupsOf(count, ELEMENTWISE),
    })
  }
  write(args.k, args.keys)
  write(args.v, args.values)
}
