import { type MoeArgs, rows, type Tensor, weightShape } from '@octoscale/tensor'
import { partsOfExperts } from '../expert-weights.ts'
import { multiplyExperts, planExperts } from '../multiply-experts.ts'
import { groupsOf, type Runtime } from '../runtime.ts'
import { ELEMENTWISE, elementwise } from '../wgsl/invocation.ts'
import { type Program, reads, writes } from '../wgsl/program.ts'
import { siluMul } from './silu-mul.ts'

/** Bytes of working memory for one chunk of tokens: it bounds what a long prompt takes. */
const CHUNK_BYTES = 2 ** 25

/** The sum over choices, in their order, so that it does not vary from run to run. */
const combine: Program = {
  name: 'combine experts',
  code: () =>
    elementwise(`let token = i / params.hidden;
  var sum = 0.0;
  for (var k = 0u; k < params.top_k; k++) {
    let p = token * params.top_k + k;
    sum += shares(p) * results(p * params.hidden + i % params.hidden);
  }
  set_out(i, sum);`),
}

/**
 * `out[t] = sum_k weights[t, k] * expert[indices[t, k]](x[t])`: gate, up and down for all places (t, k), each with the
 * weights of its expert, then the sum over k.
 */
export function moe(runtime: Runtime, args: MoeArgs): void {
  const [tokens = 0, hidden = 0] = args.x.shape
  const [, topK = 0] = args.indices.shape
  const intermediate = weightShape(args.experts[0]!.gate)[0]!
  const chunk = Math.max(1, Math.floor(CHUNK_BYTES / (4 * topK * Math.max(hidden, intermediate))))
  for (let start = 0; start < tokens; start += chunk) {
    const part = (t: Tensor): Tensor => rows(t, start, Math.min(chunk, tokens - start))
    const { x, indices, weights, out } = args
    moeChunk(runtime, { ...args, x: part(x), indices: part(indices), weights: part(weights), out: part(out) })
  }
}

function moeChunk(runtime: Runtime, { x, indices, weights, experts, out }: MoeArgs): void {
  const [tokens = 0, hidden = 0] = x.shape
  const [, topK = 0] = indices.shape
  const places = tokens * topK
  const parts = partsOfExperts(experts)
  const intermediate = weightShape(experts[0]!.gate)[0]!
  const gate = runtime.scratch('gates of experts', 'f32', [places, intermediate])
  const up = runtime.scratch('ups of experts', 'f32', [places, intermediate])
  const results = runtime.scratch('results of experts', 'f32', [places, hidden])

  const plan = planExperts(runtime, indices, experts.length)
  multiplyExperts(runtime, plan, x, topK, parts.gate, gate)
  multiplyExperts(runtime, plan, x, topK, parts.up, up)
  siluMul(runtime, { gate, up, out: gate })
  multiplyExperts(runtime, plan, gate, 1, parts.down, results)
  const count = tokens * hidden
  runtime.run({
    program: combine,
    tensors: { shares: reads(weights), results: reads(results), out: writes(out) },
    numbers: { count, hidden, top_k: topK },
    workgroups: groupsOf(count, ELEMENTWISE),
  })
}
