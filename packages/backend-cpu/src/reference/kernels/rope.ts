import type { RopeArgs, RopePairs } from '@octoscale/tensor'
import type { ReferenceMemory } from '../memory.ts'

/**
 * Rotates pairs in place: `(a, b)` becomes `(a * cos - b * sin, a * sin + b * cos)`, with
 * `angles = [cos 0, sin 0, cos 1, sin 1, ...]`. Pair i is `(x[start + 2i], x[start + 2i + 1])` interleaved,
 * `(x[start + i], x[start + halfDim + i])` in halves.
 */
export function rotatePairs(x: Float32Array, start: number, pairs: RopePairs, angles: Float32Array): void {
  const halfDim = angles.length / 2
  for (let i = 0; i < halfDim; i++) {
    const [first, second] = pairs === 'halves' ? [i, halfDim + i] : [2 * i, 2 * i + 1]
    const [a, b] = [x[start + first]!, x[start + second]!]
    const [cos, sin] = [angles[2 * i]!, angles[2 * i + 1]!]
    x[start + first] = a * cos - b * sin
    x[start + second] = a * sin + b * cos
  }
}

/** Rotates the last `2 * halfDim` values of each head by the angles of the token's position. */
export function rope(memory: ReferenceMemory, { pairs, x, positions, table }: RopeArgs): void {
  const [, heads = 0, headDim = 0] = x.shape
  const [maxPositions = 0, halfDim = 0] = table.shape
  const width = 2 * halfDim
  const values = memory.f32(x)
  const angles = memory.f32(table)
  memory.indices('rope', 'positions', positions, maxPositions).forEach((position, t) => {
    const row = angles.subarray(position * width, (position + 1) * width)
    for (let h = 0; h < heads; h++) rotatePairs(values, (t * heads + h + 1) * headDim - width, pairs, row)
  })
}
