/** Checks of linear and rmsNorm. */
import type { LinearArgs, RmsNormArgs } from '../ops.ts'
import type { LiveBuffers } from './live-buffers.ts'
import { F32, FLOATS, OpCheck } from './op-check.ts'

export function checkLinear({ x, weight, out }: LinearArgs, live: LiveBuffers): boolean {
  const check = new OpCheck('linear', live)
  check.tensor('x', x, F32, ['tokens', 'inputs'])
  check.weight('weight', weight, ['outputs', 'inputs'])
  check.tensor('out', out, F32, ['tokens', 'outputs'])
  check.disjoint('out', out, 'x', x)
  check.disjoint('out', out, 'weight', weight)
  return check.hasTokens
}

export function checkRmsNorm({ x, residual, weight, epsilon, out }: RmsNormArgs, live: LiveBuffers): boolean {
  const check = new OpCheck('rmsNorm', live)
  check.tensor('x', x, F32, ['tokens', 'hidden'])
  check.tensor('weight', weight, FLOATS, ['hidden'])
  check.tensor('out', out, F32, ['tokens', 'hidden'])
  check.positive('epsilon', epsilon)
  check.disjoint('out', out, 'weight', weight)
  check.sameOrDisjoint('out', out, 'x', x)
  if (residual === undefined) return check.hasTokens
  check.tensor('residual', residual, F32, ['tokens', 'hidden'])
  check.disjoint('residual', residual, 'x', x)
  check.disjoint('residual', residual, 'weight', weight)
  check.disjoint('residual', residual, 'out', out)
  return check.hasTokens
}
