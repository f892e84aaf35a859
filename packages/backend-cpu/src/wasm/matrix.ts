/** Weights as kernels see them: the record `Matrix` of `assembly/matrix.ts`, in scratch memory. */
import { isBlockScaled, type Weight, weightShape } from '@octoscale/tensor'
import { kindOf, type Runtime } from './runtime.ts'

/** Number of i32 fields of the record. */
const FIELDS = 7

/** Writes the record of `weight` and returns its address. There is one record: the last weight's. */
export function matrix({ heap }: Runtime, weight: Weight): number {
  const address = heap.scratch('matrix', FIELDS * 4)
  const columns = weightShape(weight)[1]!
  const at = address / 4
  if (isBlockScaled(weight)) {
    const { codes, scales, block } = weight
    // A block may be larger than its matrix, and than an i32.
    const [height, width] = [Math.min(block[0], codes.shape[0]!), Math.min(block[1], columns)]
    const [data, factors] = [heap.address(codes), heap.address(scales)]
    heap.i32.set([kindOf(codes.dtype), columns, data, factors, height, width, scales.shape[1]!], at)
  } else heap.i32.set([kindOf(weight.dtype), columns, heap.address(weight), 0, 0, 0, 0], at)
  return address
}

/**
 * `out[t, o] = sum_i x[t, i] * weight[o, i]` for dense rows of `x` and `out`, given by address.
 */
export function multiply(runtime: Runtime, weight: Weight, x: number, tokens: number, out: number): void {
  const [outputs, inputs] = weightShape(weight) as [number, number]
  const panel = panelOf(runtime, inputs)
  runtime.kernels.linear(matrix(runtime, weight), 0, outputs, x, inputs * 4, tokens, out, outputs * 4, panel)
}

/** Scratch for four rows of a weight in f32. */
export function panelOf({ heap }: Runtime, columns: number): number {
  return heap.scratch('panel', 4 * columns * 4)
}
