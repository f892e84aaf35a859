import type { RopeArgs } from '@octoscale/tensor'
import { i32 } from '../fields.ts'
import { opcodes } from '../opcodes.ts'
import type { Runtime } from '../runtime.ts'

/** Rotates the last `2 * halfDim` values of each head in place. */
export function rope({ heap, recorder }: Runtime, { pairs, x, positions, table }: RopeArgs): void {
  const [tokens = 0, heads = 0, headDim = 0] = x.shape
  const [maxPositions = 0, halfDim = 0] = table.shape
  recorder.op(opcodes.rope, [
    heap.address(x),
    tokens,
    heads,
    headDim,
    halfDim,
    pairs === 'halves' ? 1 : 0,
    heap.address(positions),
    heap.address(table),
    i32(maxPositions),
  ])
}
