import { type AttentionArgs, cacheShape } from '@octoscale/tensor'
import { cacheRows } from '../cache-rows.ts'
import { groupsOf, type Runtime } from '../runtime.ts'
import { attendProgram, lanes } from '../wgsl/attend.ts'
import { cacheUse } from '../wgsl/cache.ts'
import { reads, writes } from '../wgsl/program.ts'

/** Grouped-query attention: `out[t, h] = sum_s softmax(scale * q[t, h] . keys[s, g])[s] * values[s, g]`. */
export function attention(runtime: Runtime, args: AttentionArgs): void {
  const [tokens, heads, width] = args.q.shape as [number, number, number]
  const [capacity, kvHeads, value_width] = cacheShape(args.values) as [number, number, number]
  const rows = cacheRows(runtime, 'attention', args, capacity)
  const [keys, values] = [cacheUse('keys', args.keys), cacheUse('values', args.values)]
  const sizes = { heads, group: heads / kvHeads, width, value_width }
  runtime.run({
    program: attendProgram(rows, keys, values),
    tensors: {
      query: reads(args.q),
      ...keys.tensors,
      ...values.tensors,
      ...rows.tensors,
      mixed: writes(args.out),
    },
    numbers: { count: tokens * heads, ...sizes, ...keys.numbers, ...values.numbers, ...rows.numbers },
    floats: { scale: args.scale },
    constants: { COLUMNS: groupsOf(value_width, lanes) },
    workgroups: tokens * heads,
  })
}
