/** Checks of the operations that work element by element, on any shape: add, siluMul; and of concat. */
import type { AddArgs, ConcatArgs, SiluMulArgs } from '../ops.ts'
import { numel } from '../views.ts'
import type { LiveBuffers } from './live-buffers.ts'
import { F32, OpCheck } from './op-check.ts'

export function checkAdd({ a, b, out }: AddArgs, live: LiveBuffers): boolean {
  const check = new OpCheck('add', live)
  check.sameShape('a', a, F32, out.shape)
  const columns = out.shape.at(-1) ?? 1
  const isRow = b.shape.length === 1 && out.shape.length > 1
  check.sameShape('b', b, F32, isRow ? [columns] : out.shape)
  check.sameShape('out', out, F32, out.shape)
  check.sameOrDisjoint('out', out, 'a', a)
  if (isRow) check.disjoint('out', out, 'b', b)
  else check.sameOrDisjoint('out', out, 'b', b)
  return numel(out.shape) > 0
}

export function checkSiluMul({ gate, up, out }: SiluMulArgs, live: LiveBuffers): boolean {
  const check = new OpCheck('siluMul', live)
  check.sameShape('gate', gate, F32, out.shape)
  check.sameShape('up', up, F32, out.shape)
  check.sameShape('out', out, F32, out.shape)
  check.sameOrDisjoint('out', out, 'gate', gate)
  check.sameOrDisjoint('out', out, 'up', up)
  return numel(out.shape) > 0
}

export function checkConcat({ a, b, out }: ConcatArgs, live: LiveBuffers): boolean {
  const check = new OpCheck('concat', live)
  check.tensor('a', a, F32, ['tokens', 'left'])
  check.tensor('b', b, F32, ['tokens', 'right'])
  const width = { formula: 'left + right', size: check.size('left') + check.size('right') }
  check.tensor('out', out, F32, ['tokens', width])
  check.disjoint('out', out, 'a', a)
  check.disjoint('out', out, 'b', b)
  return check.hasTokens
}
