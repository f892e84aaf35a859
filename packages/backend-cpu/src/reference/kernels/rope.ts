import type { RopeArgs } from '@octoscale/tensor'
import type { ReferenceMemory } from '../memory.ts'

/**
 * Rotates the interleaved pairs `(a, b) = (x[start + 2i], x[start + 2i + 1])` in place:
 * `(a * cos - b * sin, a * sin + b * cos)`, with `angles = [cos 0, sin 0, cos 1, sin 1, ...]`.
 */
export function rotatePairs(x: Float32Array, start: number, angles: Float32Array): void {
  for (let i = 0; i < angles.length; i += 2) {
    const [a, b] = [x[start + i]!, x[start + i + 1]!]
    const [cos, sin] = [angles[i]!, angles[i + 1]!]
    x[start + i] = a * cos - b * sin
    x[start + i + 1] = a * sin + b * cos
  }
}

/** Rotates the last `2 * halfDim` values of each head by the angles of the token's position. */
export function rope(memory: ReferenceMemory, { x, positions, table }: RopeArgs): void {
  const [, heads = 0, headDim = 0] = x.shape
  const [maxPositions = 0, halfDim = 0] = table.shape
  const width = 2 * halfDim
  const values = memory.f32(x)
  const angles = memory.f32(table)
  memory.indices('rope', 'positions', positions, maxPositions).forEach((position, t) => {
    const row = angles.subarray(position * width, (position + 1) * width)
    for (let h = 0; h < heads; h++) rotatePairs(values, (t * heads + h + 1) * headDim - width, row)
  })
}
