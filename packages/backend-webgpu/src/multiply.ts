/** Matrix products with one weight: of a linear layer, or of each head with its part of the rows. */
import { type Tensor, type Weight, weightShape } from '@octoscale/tensor'
import type { Runtime } from './runtime.ts'
import { matrixProduct, productGroups, tileOf } from './wgsl/matrix-product.ts'
import { reads, writes } from './wgsl/program.ts'
import { weightUse } from './wgsl/weight.ts'

/** Which rows of the weight each head multiplies. One head with all rows: a linear layer. */
export interface Heads {
  readonly heads: number
  /** Rows of a head. */
  readonly outputs: number
  /** First row of head h: `firstRow + h * rowStep`. */
  readonly firstRow: number
  readonly rowStep: number
}

/** Place `t * heads + h` is token t of head h. */
const findWork = `
fn find_work(index: u32) -> Work {
  let head = index % params.heads;
  let token = (index / params.heads) * TILE;
  let count = min(TILE, params.tokens - token);
  return Work(count, token * params.heads + head, params.first_row + head * params.row_step, First());
}
fn place(work: Work, i: u32) -> u32 { return work.start + i * params.heads; }
`

/**
 * `out[t, h, o] = sum_i x[t, h, i] * weight[firstRow + h * rowStep + o, i]`,
 * x `[tokens, heads, inputs]`, out `[tokens, heads, outputs]`.
 */
export function multiply(
  runtime: Runtime,
  x: Tensor,
  weight: Weight,
  out: Tensor,
  split: Heads = { heads: 1, outputs: weightShape(weight)[0]!, firstRow: 0, rowStep: 0 },
): void {
  const tokens = x.shape[0]!
  const { heads, outputs, firstRow, rowStep } = split
  const { name, tensors, numbers, functions } = weightUse(weight)
  const tile = tileOf(tokens)
  const pieces = Math.ceil(tokens / tile) * heads
  runtime.run({
    program: {
      name: `matrix product, ${tile} rows, ${name}`,
      code: () => functions() + matrixProduct(tile) + findWork,
    },
    tensors: { x: reads(x), ...tensors, out: writes(out) },
    numbers: {
      pieces,
      tokens,
      heads,
      outputs,
      first_row: firstRow,
      row_step: rowStep,
      x_share: 1,
      ...numbers,
    },
    workgroups: productGroups(pieces, tile, outputs),
  })
}
