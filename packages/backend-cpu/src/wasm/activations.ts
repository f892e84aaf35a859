/** What a policy makes of the vectors that are multiplied with a weight. */
import { isBlockScaled, type Weight, weightShape } from '@octoscale/tensor'
import { quantizedBytes } from './kinds.ts'
import { opcodes } from './opcodes.ts'
import type { Runtime } from './runtime.ts'

/**
 * Address of `rows` f32 vectors at `x` as a product with `weight` takes them. Each `name` has memory of its own, good
 * until the next call with it.
 */
export function activations(
  { heap, recorder, policy }: Runtime,
  weight: Weight,
  x: number,
  rows: number,
  name: string,
): number {
  const columns = weightShape(weight)[1]!
  if (policy === 'int8') {
    const target = heap.scratch(name, rows * quantizedBytes(columns))
    recorder.op(opcodes.quantize, [x, rows, columns, target])
    return target
  }
  if (policy === 'exact' || !isBlockScaled(weight) || weight.codes.dtype === 'i8') return x
  const target = heap.scratch(name, rows * columns * 4)
  recorder.op(opcodes.round, [x, rows, columns, target])
  return target
}
