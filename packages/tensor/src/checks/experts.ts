/** Checks of route and moe. */

import { ArgumentError } from '../errors.ts'
import type { Expert, MoeArgs, RouteArgs } from '../ops.ts'
import { type BufferHandle, isBlockScaled, type Weight } from '../tensor.ts'
import { shapeText } from '../views.ts'
import type { LiveBuffers } from './live-buffers.ts'
import { type Dim, F32, FLOATS, I32, OpCheck, tensorsOf } from './op-check.ts'

export function checkRoute(args: RouteArgs, live: LiveBuffers): boolean {
  const { x, gate, scoring, bias, groups, groupScore, topGroups, scalingFactor, indices, weights } = args
  const check = new OpCheck('route', live)
  check.tensor('x', x, F32, ['tokens', 'hidden'])
  check.tensor('gate', gate, FLOATS, ['experts', 'hidden'])
  check.choice('scoring', scoring, ['sigmoid', 'softmax'])
  check.choice('groupScore', groupScore, ['best-two', 'best'])
  if (bias !== undefined) check.tensor('bias', bias, F32, ['experts'])
  check.tensor('indices', indices, I32, ['tokens', 'topK'])
  check.tensor('weights', weights, F32, ['tokens', 'topK'])
  const experts = check.size('experts')
  const perGroup = experts / groups
  const divides = Number.isSafeInteger(groups) && groups >= 1 && Number.isInteger(perGroup)
  check.argument('groups', groups, divides, `a divisor of experts = ${experts}`)
  const enough = groups === 1 || groupScore === 'best' || perGroup >= 2
  check.argument('experts per group', perGroup, enough, '>= 2, for the score of the best two')
  const topOk = Number.isSafeInteger(topGroups) && topGroups >= 1 && topGroups <= groups
  check.argument('topGroups', topGroups, topOk, `an integer in 1 .. groups = ${groups}`)
  const eligible = topGroups * perGroup
  check.argument(
    'topK',
    check.size('topK'),
    check.size('topK') <= eligible,
    `<= ${eligible}, the experts of topGroups`,
  )
  check.positive('scalingFactor', scalingFactor)
  check.disjoint('indices', indices, 'x', x)
  check.disjoint('indices', indices, 'gate', gate)
  check.disjoint('indices', indices, 'weights', weights)
  check.disjoint('weights', weights, 'x', x)
  check.disjoint('weights', weights, 'gate', gate)
  if (bias !== undefined) {
    check.disjoint('indices', indices, 'bias', bias)
    check.disjoint('weights', weights, 'bias', bias)
  }
  return check.hasTokens
}

export function checkMoe({ x, indices, weights, experts, out }: MoeArgs, live: LiveBuffers): boolean {
  const check = new OpCheck('moe', live)
  const { hidden, buffers } = knownExperts(experts, live)
  check.tensor('x', x, F32, ['tokens', hidden])
  check.tensor('indices', indices, I32, ['tokens', 'topK'])
  check.tensor('weights', weights, F32, ['tokens', 'topK'])
  check.tensor('out', out, F32, ['tokens', hidden])
  check.disjoint('out', out, 'x', x)
  check.disjoint('out', out, 'indices', indices)
  check.disjoint('out', out, 'weights', weights)
  if (!buffers.has(out.buffer)) return check.hasTokens
  experts.forEach((expert, e) => {
    for (const part of parts) check.disjoint('out', out, `experts[${e}].${part}`, expert[part])
  })
  return check.hasTokens
}

/** What was found out about a list of experts, and until when it holds. */
interface KnownExperts {
  readonly live: LiveBuffers
  readonly freed: number
  readonly hidden: Dim
  readonly buffers: ReadonlySet<BufferHandle>
}

/** A model passes the same list for every token, and 256 experts take longer to check than to choose. */
const known = new WeakMap<readonly Expert[], KnownExperts>()

/** Checks every expert, unless this list was checked before and no buffer was freed since. */
function knownExperts(experts: readonly Expert[], live: LiveBuffers): KnownExperts {
  const before = known.get(experts)
  if (before?.live === live && before.freed === live.freed) return before
  const check = new OpCheck('moe', live)
  const [first] = experts
  if (first === undefined) {
    throw new ArgumentError({ op: 'moe', argument: 'experts', expected: 'at least one expert', got: 'none' })
  }
  // Files of mixed precision store `down` in more bits.
  const kinds = { gate: kindOf(first.gate), up: kindOf(first.gate), down: kindOf(first.down) }
  const buffers = new Set<BufferHandle>()
  experts.forEach((expert, e) => {
    for (const part of parts) {
      const weight = expert[part]
      const name = `experts[${e}].${part}`
      check.weight(name, weight, part === 'down' ? ['hidden', 'intermediate'] : ['intermediate', 'hidden'])
      if (kindOf(weight) !== kinds[part]) {
        const expected = `${kinds[part]}, as experts[0].${part === 'down' ? 'down' : 'gate'}`
        throw new ArgumentError({ op: 'moe', argument: name, expected, got: kindOf(weight) })
      }
      for (const { buffer } of tensorsOf(weight)) buffers.add(buffer)
    }
  })
  const hidden = { formula: 'hidden', size: check.size('hidden') }
  const facts = { live, freed: live.freed, hidden, buffers }
  known.set(experts, facts)
  return facts
}

const parts = ['gate', 'up', 'down'] as const satisfies readonly (keyof Expert)[]

/** `bf16`, `f8_e4m3 in blocks of [128, 128]`, or `i8 in blocks of [1, 32] with minimums`. */
function kindOf(weight: Weight): string {
  if (!isBlockScaled(weight)) return weight.dtype
  const minimums = weight.minimums === undefined ? '' : ' with minimums'
  return `${weight.codes.dtype} in blocks of ${shapeText(weight.block)}${minimums}`
}
