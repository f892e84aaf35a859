import type { MoeArgs, Policy } from '@octoscale/tensor'
import type { ReferenceMemory } from '../memory.ts'
import { roundActivations, roundWeight } from '../round-activations.ts'
import { dot } from './linear.ts'
import { silu } from './silu-mul.ts'

/**
 * `out[t] = sum_k weights[t, k] * expert[indices[t, k]](x[t])`,
 * `expert(x) = down . (silu(gate . x) * (up . x))`. One expert at a time, over the tokens that chose it.
 */
export function moe(
  memory: ReferenceMemory,
  policy: Policy,
  { x, indices, weights, experts, out }: MoeArgs,
): void {
  const [tokens = 0, hidden = 0] = x.shape
  const [, topK = 0] = indices.shape
  const input = roundActivations(policy, experts[0]!.gate, memory.f32(x), tokens)
  const shares = memory.f32(weights)
  const chosen = memory.indices('moe', 'indices', indices, experts.length)
  const sums = new Float64Array(tokens * hidden)

  experts.forEach((expert, e) => {
    const places = [...chosen.keys()].filter((place) => chosen[place] === e)
    if (places.length === 0) return
    const gate = roundWeight(policy, expert.gate, memory.weight(expert.gate))
    const up = roundWeight(policy, expert.up, memory.weight(expert.up))
    const down = roundWeight(policy, expert.down, memory.weight(expert.down))
    const inner = places.map(() => new Float64Array(gate.rows))
    for (let i = 0; i < gate.rows; i++) {
      const [gateRow, upRow] = [gate.row(i), up.row(i)]
      places.forEach((place, n) => {
        const start = Math.floor(place / topK) * hidden
        inner[n]![i] = silu(dot(input, start, gateRow)) * dot(input, start, upRow)
      })
    }
    // Under `exact` not rounded to f32 in between.
    const activations = inner.map((values) =>
      policy === 'exact' ? values : roundActivations(policy, expert.down, Float32Array.from(values), 1),
    )
    for (let o = 0; o < hidden; o++) {
      const downRow = down.row(o)
      places.forEach((place, n) => {
        const token = Math.floor(place / topK)
        sums[token * hidden + o]! += shares[place]! * dot(activations[n]!, 0, downRow)
      })
    }
  })
  memory.f32(out).set(sums)
}
