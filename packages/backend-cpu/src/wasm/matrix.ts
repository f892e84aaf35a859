/** Products with weights: `LinearOp` of `assembly/linear.ts`. */
import { type Weight, weightShape } from '@octoscale/tensor'
import { activations } from './activations.ts'
import { quantizedBytes } from './kinds.ts'
import { opcodes } from './opcodes.ts'
import { ownScratch, type Runtime } from './runtime.ts'

/** `out[t, o] = sum_i x[t, i] * weight[o, i]` for dense rows of `x` and `out`, given by address, in the policy's numbers. */
export function multiply(runtime: Runtime, weight: Weight, x: number, tokens: number, out: number): void {
  const { policy, weights } = runtime
  const record = policy === 'int8' ? weights.int8(weight) : weights.record(weight)
  // One vector is quantized by each thread in `linear` itself.
  const alone = policy === 'int8' && tokens === 1
  const input = alone ? x : activations(runtime, weight, x, tokens, 'activations')
  product(runtime, weight, record, input, tokens, out)
}

/** The same with the weight as it is stored and `x` as it is, under every policy. */
export function multiplyExactly(
  runtime: Runtime,
  weight: Weight,
  x: number,
  tokens: number,
  out: number,
): void {
  product(runtime, weight, runtime.weights.record(weight), x, tokens, out)
}

function product(runtime: Runtime, weight: Weight, record: number, x: number, tokens: number, out: number) {
  const [outputs, inputs] = weightShape(weight) as [number, number]
  const grain = grainOf(runtime, outputs, inputs * tokens)
  const panel = ownScratch(runtime, 'panel', panelBytes(inputs))
  runtime.recorder.op(opcodes.linear, [record, x, tokens, out, outputs, grain, ...panel])
}

/** What a thread needs beside a product: four rows in f32, or a quantized vector. */
export function panelBytes(inputs: number): number {
  return Math.max(4 * inputs * 4, quantizedBytes(inputs))
}

/** Multiplications that make a task worth taking: some microseconds. */
const SMALLEST_TASK = 16384

/** Rows of a task, a multiple of four: eight tasks for each thread, so that none waits long for the last. */
export function grainOf({ recorder }: Runtime, rows: number, workPerRow: number): number {
  if (recorder.threads === 1) return Math.ceil(rows / 4) * 4
  const even = Math.ceil(rows / (recorder.threads * 8))
  const worth = Math.ceil(SMALLEST_TASK / workPerRow)
  return Math.ceil(Math.max(even, worth) / 4) * 4
}
