/**
 * The policy `int8` with weights that are stored as i8 codes in blocks of 16 or 32 along a row (`w = scale * code + minimum`):
 * the codes stay as they are, and a vector is quantized as for any weight (`int8.ts`), `x = low + sx * code` in blocks of 128.
 *
 * The product of a row with a block of 128 of a vector is
 *   `sx * sum_b (scale_b * sum(cw * cx) + minimum_b * sum(cx)) + low * sum_b (scale_b * sum(cw) + minimum_b * n_b)`
 * over the blocks b of the row in it. The sums of codes in the first half are integers. The second sum does not depend on
 * the vector: it is kept, f32, for each four rows and 128 columns as `[4]`.
 */
import { Descriptor, take } from './descriptor'
import { BLOCK, blocksOf, codeBytes, dotCodes, sum4 } from './int8'
import { storeValid } from './linear-tile'
import { Matrix, rowScales } from './matrix'

@unmanaged
export class SumCodesOp extends Descriptor {
  /** Its `sums` are written. */
  matrix: Matrix
  rows: i32
}

/** A task is four rows. */
export function runSumCodes(d: SumCodesOp): void {
  const matrix = d.matrix
  const quadBytes = <usize>blocksOf(matrix.columns) * 16
  for (let r = take(d) * 4; r < d.rows; r = take(d) * 4) {
    const sums = matrix.sums + quadBytes * <usize>(r >> 2)
    for (let i = 0; i < min(4, d.rows - r); i++) sumRow(matrix, r + i, sums + <usize>i * 4)
  }
}

function sumRow(matrix: Matrix, row: i32, sums: usize): void {
  const columns = matrix.columns
  const width = matrix.blockColumns
  const codes = matrix.data + <usize>row * <usize>columns
  let block = <usize>row * <usize>matrix.scaleColumns * 4
  for (let begin = 0; begin < columns; begin += BLOCK, sums += 16) {
    let total: f32 = 0
    const end = min(begin + BLOCK, columns)
    for (let b = begin; b < end; b += width, block += 4) {
      const last = min(b + width, end)
      let sum = 0
      for (let i = b; i < last; i++) sum += load<i8>(codes + i)
      total += load<f32>(matrix.scales + block) * <f32>sum
      if (matrix.minimums) total += load<f32>(matrix.minimums + block) * <f32>(last - b)
    }
    store<f32>(sums, total)
  }
}

/**
 * Rows `row .. row + valid - 1` (row a multiple of four) times the quantized vector `x`. A lane is a row; each adds in the order in which
 * `integers4x4` adds, so that a token gets the same bits alone and among others.
 */
export function integers4x1(matrix: Matrix, row: i32, valid: i32, x: usize, out: usize): void {
  const columns = matrix.columns
  const bytes = codeBytes(columns)
  const width = <usize>matrix.blockColumns
  const hasMinimums = matrix.minimums != 0
  const toMinimums = matrix.minimums - matrix.scales
  const w0 = matrix.data + <usize>row * <usize>columns
  const w1 = w0 + <usize>columns * min(1, valid - 1)
  const w2 = w0 + <usize>columns * min(2, valid - 1)
  const w3 = w0 + <usize>columns * min(3, valid - 1)
  let s0 = rowScales(matrix, row)
  let s1 = rowScales(matrix, row + min(1, valid - 1))
  let s2 = rowScales(matrix, row + min(2, valid - 1))
  let s3 = rowScales(matrix, row + min(3, valid - 1))
  let sums = matrix.sums + <usize>blocksOf(columns) * 16 * <usize>(row >> 2)
  let parameters = x + bytes
  let total = f32x4.splat(0)
  let shift = f32x4.splat(0)
  for (let begin: usize = 0; begin < bytes; begin += BLOCK, parameters += 8, sums += 16) {
    const end = min(begin + BLOCK, bytes)
    let block = f32x4.splat(0)
    for (let i = begin; i < end; i += width, s0 += 4, s1 += 4, s2 += 4, s3 += 4) {
      // The second half of a block of 32, unless the row ends before it.
      const second = width == 32 && i + 16 < end
      const u = v128.load(x + i)
      const v = second ? v128.load(x + i, 16) : i32x4.splat(0)
      let a0 = dotCodes(v128.load(w0 + i), u, i32x4.splat(0))
      let a1 = dotCodes(v128.load(w1 + i), u, i32x4.splat(0))
      let a2 = dotCodes(v128.load(w2 + i), u, i32x4.splat(0))
      let a3 = dotCodes(v128.load(w3 + i), u, i32x4.splat(0))
      if (second) {
        a0 = dotCodes(v128.load(w0 + i, 16), v, a0)
        a1 = dotCodes(v128.load(w1 + i, 16), v, a1)
        a2 = dotCodes(v128.load(w2 + i, 16), v, a2)
        a3 = dotCodes(v128.load(w3 + i, 16), v, a3)
      }
      block = addScaled(block, sum4(a0, a1, a2, a3), four(s0, s1, s2, s3))
      if (hasMinimums) {
        const codes = sumCodes(u, v)
        const minimums = four(s0 + toMinimums, s1 + toMinimums, s2 + toMinimums, s3 + toMinimums)
        block = addScaled(block, sum4(codes, codes, codes, codes), minimums)
      }
    }
    total = f32x4.add(total, f32x4.mul(block, v128.load_splat<f32>(parameters)))
    shift = f32x4.add(shift, f32x4.mul(v128.load(sums), v128.load_splat<f32>(parameters, 4)))
  }
  storeValid(f32x4.add(total, shift), out, valid)
}

/** The same rows times four vectors. A lane is a token; out + outStride * token + 4 * row. */
export function integers4x4(
  matrix: Matrix, row: i32, valid: i32, x0: usize, x1: usize, x2: usize, x3: usize, out: usize, outStride: usize,
): void {
  const columns = matrix.columns
  const bytes = codeBytes(columns)
  const width = <usize>matrix.blockColumns
  const hasMinimums = matrix.minimums != 0
  const toMinimums = matrix.minimums - matrix.scales
  const w0 = matrix.data + <usize>row * <usize>columns
  const w1 = w0 + <usize>columns * min(1, valid - 1)
  const w2 = w0 + <usize>columns * min(2, valid - 1)
  const w3 = w0 + <usize>columns * min(3, valid - 1)
  let s0 = rowScales(matrix, row)
  let s1 = rowScales(matrix, row + min(1, valid - 1))
  let s2 = rowScales(matrix, row + min(2, valid - 1))
  let s3 = rowScales(matrix, row + min(3, valid - 1))
  let sums = matrix.sums + <usize>blocksOf(columns) * 16 * <usize>(row >> 2)
  let parameters = bytes
  let t0 = f32x4.splat(0)
  let t1 = f32x4.splat(0)
  let t2 = f32x4.splat(0)
  let t3 = f32x4.splat(0)
  let h0 = f32x4.splat(0)
  let h1 = f32x4.splat(0)
  let h2 = f32x4.splat(0)
  let h3 = f32x4.splat(0)
  for (let begin: usize = 0; begin < bytes; begin += BLOCK, parameters += 8, sums += 16) {
    const end = min(begin + BLOCK, bytes)
    let b0 = f32x4.splat(0)
    let b1 = f32x4.splat(0)
    let b2 = f32x4.splat(0)
    let b3 = f32x4.splat(0)
    for (let i = begin; i < end; i += width, s0 += 4, s1 += 4, s2 += 4, s3 += 4) {
      const second = width == 32 && i + 16 < end
      b0 = addScaled(b0, dotFour(w0 + i, x0 + i, x1 + i, x2 + i, x3 + i, second), v128.load_splat<f32>(s0))
      b1 = addScaled(b1, dotFour(w1 + i, x0 + i, x1 + i, x2 + i, x3 + i, second), v128.load_splat<f32>(s1))
      b2 = addScaled(b2, dotFour(w2 + i, x0 + i, x1 + i, x2 + i, x3 + i, second), v128.load_splat<f32>(s2))
      b3 = addScaled(b3, dotFour(w3 + i, x0 + i, x1 + i, x2 + i, x3 + i, second), v128.load_splat<f32>(s3))
      if (hasMinimums) {
        const codes = sum4(
          sumCodes(v128.load(x0 + i), second ? v128.load(x0 + i, 16) : i32x4.splat(0)),
          sumCodes(v128.load(x1 + i), second ? v128.load(x1 + i, 16) : i32x4.splat(0)),
          sumCodes(v128.load(x2 + i), second ? v128.load(x2 + i, 16) : i32x4.splat(0)),
          sumCodes(v128.load(x3 + i), second ? v128.load(x3 + i, 16) : i32x4.splat(0)),
        )
        b0 = addScaled(b0, codes, v128.load_splat<f32>(s0 + toMinimums))
        b1 = addScaled(b1, codes, v128.load_splat<f32>(s1 + toMinimums))
        b2 = addScaled(b2, codes, v128.load_splat<f32>(s2 + toMinimums))
        b3 = addScaled(b3, codes, v128.load_splat<f32>(s3 + toMinimums))
      }
    }
    const scales = four(x0 + parameters, x1 + parameters, x2 + parameters, x3 + parameters)
    const lows = four(x0 + parameters + 4, x1 + parameters + 4, x2 + parameters + 4, x3 + parameters + 4)
    t0 = f32x4.add(t0, f32x4.mul(b0, scales))
    t1 = f32x4.add(t1, f32x4.mul(b1, scales))
    t2 = f32x4.add(t2, f32x4.mul(b2, scales))
    t3 = f32x4.add(t3, f32x4.mul(b3, scales))
    h0 = f32x4.add(h0, f32x4.mul(v128.load_splat<f32>(sums), lows))
    h1 = f32x4.add(h1, f32x4.mul(v128.load_splat<f32>(sums, 4), lows))
    h2 = f32x4.add(h2, f32x4.mul(v128.load_splat<f32>(sums, 8), lows))
    h3 = f32x4.add(h3, f32x4.mul(v128.load_splat<f32>(sums, 12), lows))
  }
  storeTokens(f32x4.add(t0, h0), out, outStride)
  if (valid > 1) storeTokens(f32x4.add(t1, h1), out + 4, outStride)
  if (valid > 2) storeTokens(f32x4.add(t2, h2), out + 8, outStride)
  if (valid > 3) storeTokens(f32x4.add(t3, h3), out + 12, outStride)
}

/** `[w . x0, w . x1, w . x2, w . x3]` of 16 codes, or of 32. */
// @ts-ignore: decorator
@inline
function dotFour(w: usize, x0: usize, x1: usize, x2: usize, x3: usize, second: bool): v128 {
  let codes = v128.load(w)
  let a0 = dotCodes(codes, v128.load(x0), i32x4.splat(0))
  let a1 = dotCodes(codes, v128.load(x1), i32x4.splat(0))
  let a2 = dotCodes(codes, v128.load(x2), i32x4.splat(0))
  let a3 = dotCodes(codes, v128.load(x3), i32x4.splat(0))
  if (second) {
    codes = v128.load(w, 16)
    a0 = dotCodes(codes, v128.load(x0, 16), a0)
    a1 = dotCodes(codes, v128.load(x1, 16), a1)
    a2 = dotCodes(codes, v128.load(x2, 16), a2)
    a3 = dotCodes(codes, v128.load(x3, 16), a3)
  }
  return sum4(a0, a1, a2, a3)
}

/** The sum of all lanes is that of 32 codes of a vector. */
// @ts-ignore: decorator
@inline
function sumCodes(u: v128, v: v128): v128 {
  return dotCodes(i8x16.splat(1), v, dotCodes(i8x16.splat(1), u, i32x4.splat(0)))
}

/** `total + scales * integers`. */
// @ts-ignore: decorator
@inline
function addScaled(total: v128, integers: v128, scales: v128): v128 {
  return f32x4.add(total, f32x4.mul(f32x4.convert_i32x4_s(integers), scales))
}

/** The f32 at four addresses. */
// @ts-ignore: decorator
@inline
function four(p0: usize, p1: usize, p2: usize, p3: usize): v128 {
  let result = v128.load_zero<f32>(p0)
  result = v128.load_lane<f32>(p1, result, 1)
  result = v128.load_lane<f32>(p2, result, 2)
  return v128.load_lane<f32>(p3, result, 3)
}

// @ts-ignore: decorator
@inline
function storeTokens(values: v128, out: usize, stride: usize): void {
  v128.store_lane<f32>(out, values, 0)
  v128.store_lane<f32>(out + stride, values, 1)
  v128.store_lane<f32>(out + 2 * stride, values, 2)
  v128.store_lane<f32>(out + 3 * stride, values, 3)
}
