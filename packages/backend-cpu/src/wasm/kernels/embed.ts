import type { EmbedArgs } from '@octoscale/tensor'
import { i32 } from '../fields.ts'
import { kindOf } from '../kinds.ts'
import { opcodes } from '../opcodes.ts'
import type { Runtime } from '../runtime.ts'

/** `out[t, :] = table[ids[t], :]`. */
export function embed({ heap, recorder, weights }: Runtime, { ids, table, out }: EmbedArgs): void {
  const [vocabulary = 0, hidden = 0] = table.shape
  const [tokens = 0] = ids.shape
  weights.keep(table)
  recorder.op(opcodes.embed, [
    heap.address(ids),
    tokens,
    kindOf(table.dtype),
    heap.address(table),
    i32(vocabulary),
    hidden,
    heap.address(out),
  ])
}
