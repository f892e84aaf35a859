import { type EmbedArgs, isBlockScaled, weightShape } from '@octoscale/tensor'
import { i32 } from '../fields.ts'
import { opcodes } from '../opcodes.ts'
import type { Runtime } from '../runtime.ts'

/** `out[t, :] = table[ids[t], :]`. */
export function embed({ heap, recorder, weights }: Runtime, { ids, table, out }: EmbedArgs): void {
  const [vocabulary = 0] = weightShape(table)
  const [tokens = 0] = ids.shape
  weights.keep(isBlockScaled(table) ? table.codes : table)
  recorder.op(opcodes.embed, [
    heap.address(ids),
    tokens,
    weights.record(table),
    i32(vocabulary),
    heap.address(out),
  ])
}
