import { type MoeArgs, weightShape } from '@octoscale/tensor'
import { multiply } from '../matrix.ts'
import { indices, type Runtime } from '../runtime.ts'

/**
 * `out[t] = sum_k weights[t, k] * expert[indices[t, k]](x[t])`, expert by expert: the tokens that chose it
 * are gathered, so that each of its weights is decoded once for all of them.
 */
export function moe(runtime: Runtime, args: MoeArgs): void {
  const { heap, kernels } = runtime
  const [tokens = 0, hidden = 0] = args.x.shape
  const [, topK = 0] = args.indices.shape
  const slots = slotsByExpert(indices(runtime, 'moe', 'indices', args.indices, args.experts.length))
  const x = heap.address(args.x)
  const out = heap.address(args.out)
  const shares = heap.address(args.weights) / 4
  const rowBytes = hidden * 4

  heap.u8.fill(0, out, out + tokens * rowBytes)
  for (const [e, own] of slots) {
    const expert = args.experts[e]!
    const intermediate = weightShape(expert.gate)[0]!
    const count = own.length
    const rows = heap.scratch('moe', count * 2 * (hidden + intermediate) * 4)
    const result = rows + count * rowBytes
    const gate = result + count * rowBytes
    const up = gate + count * intermediate * 4
    own.forEach((slot, i) => {
      const source = x + Math.floor(slot / topK) * rowBytes
      heap.u8.copyWithin(rows + i * rowBytes, source, source + rowBytes)
    })
    multiply(runtime, expert.gate, rows, count, gate)
    multiply(runtime, expert.up, rows, count, up)
    kernels.siluMul(gate, up, count * intermediate, gate)
    multiply(runtime, expert.down, gate, count, result)
    own.forEach((slot, i) => {
      const target = out + Math.floor(slot / topK) * rowBytes
      kernels.addScaled(result + i * rowBytes, heap.f32[shares + slot]!, hidden, target)
    })
  }
}

/** Places `t * topK + k` of `indices`, by the expert that stands there. */
function slotsByExpert(chosen: Int32Array): Map<number, number[]> {
  const slots = new Map<number, number[]>()
  chosen.forEach((e, slot) => {
    const own = slots.get(e)
    if (own === undefined) slots.set(e, [slot])
    else own.push(slot)
  })
  return slots
}
