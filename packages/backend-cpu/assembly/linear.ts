/** `out[t, o] = sum_i x[t, i] * weight[o, i]`: see `LinearArgs` of the contract. */
import { thread } from './control'
import { decode, Kind } from './decode-run'
import { Descriptor, take } from './descriptor'
import { quantizedBytes, quantizeRow } from './int8'
import { linearInt8 } from './linear-int8'
import { decodeRows, Matrix } from './matrix'
import { blockTile4x1, blockTile4x2 } from './linear-blocks'
import { tile4x1, tile4x2 } from './linear-tile'
import { vectorBf16, vectorE4m3 } from './linear-vector'

@unmanaged
export class LinearOp extends Descriptor {
  matrix: Matrix
  /** f32; of several tokens for an int8 matrix as `int8.ts` lays them out. */
  x: usize
  tokens: i32
  out: usize
  outputs: i32
  /** Rows of the weight in one task, a multiple of four. */
  grain: i32
  /** Scratch of each thread, and its size. */
  panel: usize
  panelBytes: usize
}

export function runLinear(d: LinearOp): void {
  const matrix = d.matrix
  const panel = d.panel + d.panelBytes * <usize>thread
  const outStride = <usize>d.outputs * 4
  let x = d.x
  // A single vector is quantized by each thread for itself: that takes less time than to wait for another.
  if (matrix.kind == Kind.INT8 && d.tokens == 1) {
    quantizeRow(x, matrix.columns, panel)
    x = panel
  }
  for (let r = take(d) * d.grain; r < d.outputs; r = take(d) * d.grain) {
    const rows = min(d.grain, d.outputs - r)
    linear(matrix, r, rows, x, rowStride(matrix), d.tokens, d.out + <usize>r * 4, outStride, panel)
  }
}

/** Bytes of a vector that `linear` multiplies with. */
// @ts-ignore: decorator
@inline
export function rowStride(matrix: Matrix): usize {
  return matrix.kind == Kind.INT8 ? quantizedBytes(matrix.columns) : <usize>matrix.columns * 4
}

/** Tokens whose activations should stay in the second-level cache while the weights pass by. */
const TOKEN_BLOCK: i32 = 64

/**
 * Rows `firstRow .. firstRow + rows - 1` of `matrix` times `tokens` vectors; `out` gets one f32 per row and
 * token. Vectors and results lie `xStride` and `outStride` bytes apart. `panel`: scratch of 4 rows in f32. `list`: the
 * numbers (i32) of the vectors to take; 0: all in order.
 *
 * E4M3 or bf16 with one token: decoded in registers. All else: four rows at a time are decoded into `panel` once and
 * used for a block of tokens. What a token gets does not depend on how many there are, to the bit.
 */
export function linear(
  matrix: Matrix, firstRow: i32, rows: i32,
  x: usize, xStride: usize, tokens: i32,
  out: usize, outStride: usize, panel: usize, list: usize = 0,
): void {
  if (matrix.kind == Kind.INT8) {
    linearInt8(matrix, firstRow, rows, x, xStride, tokens, out, outStride, list)
    return
  }
  const columns = matrix.columns
  if (tokens == 1) x = vectorAt(x, xStride, list, 0)
  if (tokens == 1) list = 0
  if (matrix.kind == Kind.E4M3 && columns % 16 == 0 && matrix.blockColumns % 16 == 0) {
    if (tokens == 1) vectorE4m3(matrix, firstRow, rows, x, out)
    else linearBlocks(matrix, firstRow, rows, x, xStride, tokens, out, outStride, panel, list)
    return
  }
  if (tokens == 1 && matrix.kind == Kind.BF16 && columns % 8 == 0) {
    vectorBf16(matrix, firstRow, rows, x, out)
    return
  }
  const rowBytes = <usize>columns * 4
  for (let begin = 0; begin < tokens; begin += TOKEN_BLOCK) {
    const end = min(begin + TOKEN_BLOCK, tokens)
    for (let r = 0; r < rows; r += 4) {
      const valid = min(4, rows - r)
      let w0 = panel
      if (matrix.kind == Kind.F32) w0 = matrix.data + <usize>(firstRow + r) * rowBytes
      else decodeRows(matrix, firstRow + r, valid, panel)
      // A tile has four rows: where the matrix ends, its last row stands in and the result is dropped.
      const w1 = w0 + rowBytes * min(1, valid - 1)
      const w2 = w0 + rowBytes * min(2, valid - 1)
      const w3 = w0 + rowBytes * min(3, valid - 1)
      let outT = out + outStride * begin + r * 4
      let t = begin
      for (; t + 2 <= end; t += 2, outT += 2 * outStride) {
        const xt = vectorAt(x, xStride, list, t)
        const yt = vectorAt(x, xStride, list, t + 1)
        tile4x2(w0, w1, w2, w3, xt, yt, columns, outT, outT + outStride, valid)
      }
      if (t < end) tile4x1(w0, w1, w2, w3, vectorAt(x, xStride, list, t), columns, outT, valid)
    }
  }
}

/** The same for E4M3 with blocks of whole vectors: `panel` holds codes without their scales. */
function linearBlocks(
  matrix: Matrix, firstRow: i32, rows: i32,
  x: usize, xStride: usize, tokens: i32,
  out: usize, outStride: usize, panel: usize, list: usize,
): void {
  const columns = matrix.columns
  for (let begin = 0; begin < tokens; begin += TOKEN_BLOCK) {
    const end = min(begin + TOKEN_BLOCK, tokens)
    for (let r = 0; r < rows; r += 4) {
      const row = firstRow + r
      const valid = min(4, rows - r)
      decode(matrix.kind, matrix.data + <usize>row * <usize>columns, valid * columns, 1, panel)
      let outT = out + outStride * begin + r * 4
      let t = begin
      for (; t + 2 <= end; t += 2, outT += 2 * outStride) {
        const xt = vectorAt(x, xStride, list, t)
        blockTile4x2(matrix, row, valid, panel, xt, vectorAt(x, xStride, list, t + 1), outT, outT + outStride)
      }
      if (t < end) blockTile4x1(matrix, row, valid, panel, vectorAt(x, xStride, list, t), outT)
    }
  }
}

// @ts-ignore: decorator
@inline
export function vectorAt(x: usize, stride: usize, list: usize, t: i32): usize {
  return x + stride * <usize>(list ? load<i32>(list + <usize>t * 4) : t)
}
