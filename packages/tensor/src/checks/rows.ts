/** Checks of the operations that pick rows: embed, selectRows. */
import type { EmbedArgs, SelectRowsArgs } from '../ops.ts'
import { F32, FLOATS, I32, OpCheck } from './op-check.ts'

export function checkEmbed({ ids, table, out }: EmbedArgs): void {
  const check = new OpCheck('embed')
  check.tensor('ids', ids, I32, ['tokens'])
  check.tensor('table', table, FLOATS, ['vocabulary', 'hidden'])
  check.tensor('out', out, F32, ['tokens', 'hidden'])
  check.disjoint('out', out, { ids, table })
}

export function checkSelectRows({ x, rows, out }: SelectRowsArgs): void {
  const check = new OpCheck('selectRows')
  check.tensor('x', x, F32, ['tokens', 'hidden'])
  check.tensor('rows', rows, I32, ['rows'])
  check.tensor('out', out, F32, ['rows', 'hidden'])
  check.disjoint('out', out, { x, rows })
}
