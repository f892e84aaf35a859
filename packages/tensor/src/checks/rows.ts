/** Checks of the operations that pick rows: embed, selectRows. */
import type { DType } from '../dtype.ts'
import type { EmbedArgs, SelectRowsArgs } from '../ops.ts'
import type { LiveBuffers } from './live-buffers.ts'
import { F32, I32, OpCheck } from './op-check.ts'

/** What `selectRows` copies, whatever the bits mean. */
const WORDS: readonly DType[] = ['f32', 'i32']

export function checkEmbed({ ids, table, out }: EmbedArgs, live: LiveBuffers): boolean {
  const check = new OpCheck('embed', live)
  check.tensor('ids', ids, I32, ['tokens'])
  check.weight('table', table, ['vocabulary', 'hidden'])
  check.tensor('out', out, F32, ['tokens', 'hidden'])
  check.disjoint('out', out, 'ids', ids)
  check.disjoint('out', out, 'table', table)
  return check.hasTokens
}

export function checkSelectRows({ x, rows, out }: SelectRowsArgs, live: LiveBuffers): boolean {
  const check = new OpCheck('selectRows', live)
  check.tensor('x', x, WORDS, ['tokens', 'hidden'])
  check.tensor('rows', rows, I32, ['rows'])
  check.tensor('out', out, [x.dtype], ['rows', 'hidden'])
  check.disjoint('out', out, 'x', x)
  check.disjoint('out', out, 'rows', rows)
  const some = check.size('rows') > 0
  check.argument('tokens', check.size('tokens'), check.hasTokens || !some, '>= 1 where rows are asked for')
  return some
}
