import type { EmbedArgs } from '@octoscale/tensor'
import type { ReferenceMemory } from '../memory.ts'

/** `out[t, :] = table[ids[t], :]`. */
export function embed(memory: ReferenceMemory, { ids, table, out }: EmbedArgs): void {
  const { rows: vocabulary, columns: hidden, row } = memory.weight(table)
  const result = memory.f32(out)
  memory.indices('embed', 'ids', ids, vocabulary).forEach((id, t) => {
    result.set(row(id), t * hidden)
  })
}
