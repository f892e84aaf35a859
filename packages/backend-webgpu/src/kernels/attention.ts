import type { AttentionArgs } from '@octoscale/tensor'
import { cacheRows } from '../cache-rows.ts'
import { groupsOf, type Runtime } from '../runtime.ts'
import { attendProgram, lanes } from '../wgsl/attend.ts'
import { reads, writes } from '../wgsl/program.ts'

/** Grouped-query attention: `out[t, h] = sum_s softmax(scale * q[t, h] . keys[s, g])[s] * values[s, g]`. */
export function attention(runtime: Runtime, args: AttentionArgs): void {
  const [tokens, heads, width] = args.q.shape as [number, number, number]
  const [capacity, kvHeads, value_width] = args.values.shape as [number, number, number]
  const rows = cacheRows(runtime, 'attention', args, capacity)
  const strides = { key_stride: kvHeads * width, value_stride: kvHeads * value_width, value_width }
  runtime.run({
    program: attendProgram(rows),
    tensors: {
      query: reads(args.q),
      keys: reads(args.keys),
      values: reads(args.values),
      ...rows.tensors,
      mixed: writes(args.out),
    },
    numbers: { count: tokens * heads, heads, group: heads / kvHeads, width, ...strides, ...rows.numbers },
    floats: { scale: args.scale },
    constants: { COLUMNS: groupsOf(value_width, lanes) },
    workgroups: tokens * heads,
  })
}
