/** `out[t, o] = sum_i x[t, i] * weight[o, i]`: see `LinearArgs` of the contract. */
import { Kind } from './decode-run'
import { decodeRows, Matrix } from './matrix'
import { tile4x1, tile4x2 } from './linear-tile'
import { vectorBf16, vectorE4m3 } from './linear-vector'

/** Tokens whose activations should stay in the second-level cache while the weights pass by. */
const TOKEN_BLOCK: i32 = 64

/**
 * Rows `firstRow .. firstRow + rows - 1` of `matrix` times `tokens` vectors; `out` gets one f32 per row and
 * token. Vectors and results lie `xStride` and `outStride` bytes apart. `panel`: scratch of 4 rows in f32.
 *
 * E4M3 or bf16 with one token: decoded in registers. All else: four rows at a time are decoded into `panel` once and
 * used for a block of tokens.
 */
export function linear(
  matrix: Matrix, firstRow: i32, rows: i32,
  x: usize, xStride: usize, tokens: i32,
  out: usize, outStride: usize, panel: usize,
): void {
  const columns = matrix.columns
  if (tokens == 1 && matrix.kind == Kind.E4M3 && columns % 16 == 0 && matrix.blockColumns % 16 == 0) {
    vectorE4m3(matrix, firstRow, rows, x, out)
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
      let xt = x + xStride * begin
      let outT = out + outStride * begin + r * 4
      let t = begin
      for (; t + 2 <= end; t += 2, xt += 2 * xStride, outT += 2 * outStride) {
        tile4x2(w0, w1, w2, w3, xt, xt + xStride, columns, outT, outT + outStride, valid)
      }
      if (t < end) tile4x1(w0, w1, w2, w3, xt, columns, outT, valid)
    }
  }
}
