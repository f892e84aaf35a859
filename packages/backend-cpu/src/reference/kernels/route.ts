import type { RouteArgs } from '@octoscale/tensor'
import type { ReferenceMemory } from '../memory.ts'
import { softmax } from '../softmax.ts'
import { dot } from './linear.ts'

/**
 * The gate of the experts. Per token: `s = sigmoid(gate . x)` or the softmax over the experts, `choice = s + bias`; each
 * group is scored by the sum of its two best choices, or by its best; the `topK` best choices of the `topGroups` best groups are taken, best first.
 * `weights = s` there, divided by their sum + 1e-20 if `normalize`, times `scalingFactor`.
 * A choice that is NaN counts as the worst, so that indices are valid whatever the input holds.
 */
export function route(memory: ReferenceMemory, args: RouteArgs): void {
  const [tokens = 0, hidden = 0] = args.x.shape
  const [, topK = 0] = args.indices.shape
  const x = memory.f32(args.x)
  const bias = args.bias === undefined ? undefined : memory.f32(args.bias)
  const counted = args.groupScore === 'best' ? 1 : 2
  const indices = memory.i32(args.indices)
  const weights = memory.f32(args.weights)
  const gate = memory.weight(args.gate)
  const rows = Array.from({ length: gate.rows }, (_, e) => gate.row(e))
  const perGroup = gate.rows / args.groups

  for (let t = 0; t < tokens; t++) {
    const logits = rows.map((row) => dot(x, t * hidden, row))
    const scores =
      args.scoring === 'softmax'
        ? [...softmax(logits.length, (e) => logits[e]!)]
        : logits.map((logit) => 1 / (1 + Math.exp(-logit)))
    const choices = scores.map((score, e) => {
      const choice = score + (bias?.[e] ?? 0)
      return Number.isNaN(choice) ? -Infinity : choice
    })
    const groupScores = Array.from({ length: args.groups }, (_, g) => {
      const group = choices.slice(g * perGroup, (g + 1) * perGroup)
      const score = best(group, counted).reduce((sum, e) => sum + group[e]!, 0)
      return Number.isNaN(score) ? -Infinity : score
    })
    const kept = new Set(best(groupScores, args.topGroups))
    const eligible = rows.map((_, e) => e).filter((e) => kept.has(Math.floor(e / perGroup)))
    const chosen = best(
      eligible.map((e) => choices[e]!),
      topK,
    ).map((i) => eligible[i]!)
    const sum = args.normalize ? chosen.reduce((total, e) => total + scores[e]!, 1e-20) : 1
    indices.set(chosen, t * topK)
    weights.set(
      chosen.map((e) => (scores[e]! / sum) * args.scalingFactor),
      t * topK,
    )
  }
}

/** Indices of the `count` largest values, largest first, ties to the lower index. */
function best(values: readonly number[], count: number): number[] {
  const order = values.map((_, i) => i)
  // Equal infinities differ by NaN, which falls through to the index like 0 does.
  return order.sort((a, b) => values[b]! - values[a]! || a - b).slice(0, count)
}
