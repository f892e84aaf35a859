import type { EmbedArgs } from '@octoscale/tensor'
import type { ReferenceMemory } from '../memory.ts'

/** `out[t, :] = table[ids[t], :]`. */
export function embed(memory: ReferenceMemory, { ids, table, out }: EmbedArgs): void {
  const [vocabulary = 0, hidden = 0] = table.shape
  const values = memory.floats(table)
  const result = memory.f32(out)
  memory.indices('embed', 'ids', ids, vocabulary).forEach((id, t) => {
    result.set(values.subarray(id * hidden, (id + 1) * hidden), t * hidden)
  })
}
