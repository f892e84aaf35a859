/** Checks of the operations that work element by element, on any shape: add, siluMul. */
import type { AddArgs, SiluMulArgs } from '../ops.ts'
import type { LiveBuffers } from './live-buffers.ts'
import { F32, OpCheck } from './op-check.ts'

export function checkAdd({ a, b, out }: AddArgs, live: LiveBuffers): void {
  const check = new OpCheck('add', live)
  check.sameShape('a', a, F32, out.shape)
  check.sameShape('b', b, F32, out.shape)
  check.sameShape('out', out, F32, out.shape)
  check.sameOrDisjoint('out', out, 'a', a)
  check.sameOrDisjoint('out', out, 'b', b)
}

export function checkSiluMul({ gate, up, out }: SiluMulArgs, live: LiveBuffers): void {
  const check = new OpCheck('siluMul', live)
  check.sameShape('gate', gate, F32, out.shape)
  check.sameShape('up', up, F32, out.shape)
  check.sameShape('out', out, F32, out.shape)
  check.sameOrDisjoint('out', out, 'gate', gate)
  check.sameOrDisjoint('out', out, 'up', up)
}
