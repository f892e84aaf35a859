import type { RouteArgs } from '@octoscale/tensor'
import { f32 } from '../fields.ts'
import { multiplyExactly } from '../matrix.ts'
import { opcodes } from '../opcodes.ts'
import { ownScratch, type Runtime } from '../runtime.ts'

/** The gate's logits by matrix product, then sigmoid or softmax, limited groups and the best `topK`. */
export function route(runtime: Runtime, args: RouteArgs): void {
  const { heap, recorder } = runtime
  const [tokens = 0] = args.x.shape
  const [experts = 0] = args.gate.shape
  const [, topK = 0] = args.indices.shape
  const logits = heap.scratch('route', tokens * experts * 4)
  multiplyExactly(runtime, args.gate, heap.address(args.x), tokens, logits)
  recorder.op(opcodes.selectExperts, [
    logits,
    args.scoring === 'softmax' ? 1 : 0,
    args.bias === undefined ? 0 : heap.address(args.bias),
    tokens,
    experts,
    args.groups,
    args.groupScore === 'best' ? 1 : 0,
    args.topGroups,
    topK,
    args.normalize ? 1 : 0,
    f32(args.scalingFactor),
    ...ownScratch(runtime, 'choice', (experts + args.groups) * 4),
    heap.address(args.indices),
    heap.address(args.weights),
  ])
}
