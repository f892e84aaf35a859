import { type MoeArgs, weightShape } from '@octoscale/tensor'
import { activations } from '../activations.ts'
import { grainOf, panelBytes } from '../matrix.ts'
import { opcodes } from '../opcodes.ts'
import { ownScratch, type Runtime } from '../runtime.ts'

/** Tokens computed together; it bounds the scratch of long prompts. */
const CHUNK = 128

/**
 * `out[t] = sum_k weights[t, k] * expert[indices[t, k]](x[t])`: tokens grouped by expert, so that each of its weights is
 * read once for all of them.
 */
export function moe(runtime: Runtime, args: MoeArgs): void {
  const [tokens = 0] = args.x.shape
  const use = runtime.policy === 'int8' ? 'int8' : 'stored'
  const records = runtime.weights.experts(args.experts, use)
  for (let first = 0; first < tokens; first += CHUNK) {
    moeOfTokens(runtime, args, records, first, Math.min(CHUNK, tokens - first))
  }
}

function moeOfTokens(runtime: Runtime, args: MoeArgs, records: number, first: number, count: number): void {
  const { heap, recorder } = runtime
  const [, hidden = 0] = args.x.shape
  const [, topK = 0] = args.indices.shape
  const experts = args.experts.length
  const intermediate = weightShape(args.experts[0]!.gate)[0]!
  const slots = count * topK

  const starts = heap.scratch('moe groups', 4 * (experts + 1 + 2 * slots))
  const tokens = starts + 4 * (experts + 1)
  const places = tokens + 4 * slots
  const gate = heap.scratch('moe', 4 * slots * (2 * intermediate + hidden))
  const up = gate + 4 * slots * intermediate
  const results = up + 4 * slots * intermediate
  const panel = ownScratch(runtime, 'panel', panelBytes(Math.max(hidden, intermediate)))

  const expert = args.experts[0]!
  const x = activations(runtime, expert.gate, heap.address(args.x) + 4 * first * hidden, count, 'activations')
  const indices = heap.address(args.indices) + 4 * first * topK
  const shares = heap.address(args.weights) + 4 * first * topK
  const out = heap.address(args.out) + 4 * first * hidden
  const perExpert = Math.ceil(slots / experts)
  const rows = grainOf(runtime, intermediate, 2 * hidden * perExpert)
  const downRows = grainOf(runtime, hidden, intermediate * perExpert)
  recorder.op(opcodes.moeGroup, [indices, slots, topK, experts, starts, tokens, places])
  recorder.op(opcodes.moeInner, [records, experts, starts, tokens, x, intermediate, gate, up, rows, ...panel])
  const inner = activations(runtime, expert.down, gate, slots, 'inner activations')
  recorder.op(opcodes.moeOuter, [records, experts, starts, inner, hidden, results, downRows, ...panel])
  recorder.op(opcodes.moeCombine, [slots, topK, experts, starts, places, shares, results, hidden, out])
}
