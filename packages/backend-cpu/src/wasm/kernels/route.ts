import type { RouteArgs } from '@octoscale/tensor'
import { multiply } from '../matrix.ts'
import type { Runtime } from '../runtime.ts'

/** The gate's logits by matrix product, then sigmoid or softmax, limited groups and the best `topK` in one kernel. */
export function route(runtime: Runtime, args: RouteArgs): void {
  const { heap, kernels } = runtime
  const [tokens = 0] = args.x.shape
  const [experts = 0] = args.gate.shape
  const [, topK = 0] = args.indices.shape
  const logits = heap.scratch('route', (tokens * experts + experts + args.groups) * 4)
  multiply(runtime, args.gate, heap.address(args.x), tokens, logits)
  kernels.selectExperts(
    logits,
    args.scoring === 'softmax',
    args.bias === undefined ? 0 : heap.address(args.bias),
    tokens,
    experts,
    args.groups,
    args.groupScore === 'best',
    args.topGroups,
    topK,
    args.normalize,
    args.scalingFactor,
    logits + tokens * experts * 4,
    heap.address(args.indices),
    heap.address(args.weights),
  )
}
