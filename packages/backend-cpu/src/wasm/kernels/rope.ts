import type { RopeArgs } from '@octoscale/tensor'
import { indices, type Runtime } from '../runtime.ts'

/** Rotates the last `2 * halfDim` values of each head in place. */
export function rope(runtime: Runtime, { pairs, x, positions, table }: RopeArgs): void {
  const { heap, kernels } = runtime
  const [tokens = 0, heads = 0, headDim = 0] = x.shape
  const [maxPositions = 0, halfDim = 0] = table.shape
  indices(runtime, 'rope', 'positions', positions, maxPositions)
  const angles = heap.address(table)
  const halves = pairs === 'halves'
  kernels.rope(heap.address(x), tokens, heads, headDim, halfDim, halves, heap.address(positions), angles)
}
