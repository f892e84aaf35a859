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
import { BLOCK, blocksOf, codeBytes, dotCodes } from './int8'
import { storeValid, sum4 } from './linear-tile'
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

/** Rows `row .. row + valid - 1` (row a multiple of four) times the quantized vector `x`. */
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
  let t0 = f32x4.splat(0)
  let t1 = f32x4.splat(0)
  let t2 = f32x4.splat(0)
  let t3 = f32x4.splat(0)
  let shift = f32x4.splat(0)
  for (let begin: usize = 0; begin < bytes; begin += BLOCK, parameters += 8, sums += 16) {
    const end = min(begin + BLOCK, bytes)
    let b0 = f32x4.splat(0)
    let b1 = f32x4.splat(0)
    let b2 = f32x4.splat(0)
    let b3 = f32x4.splat(0)
    for (let i = begin; i < end; i += width, s0 += 4, s1 += 4, s2 += 4, s3 += 4) {
      let v = v128.load(x + i)
      let a0 = dotCodes(v128.load(w0 + i), v, i32x4.splat(0))
      let a1 = dotCodes(v128.load(w1 + i), v, i32x4.splat(0))
      let a2 = dotCodes(v128.load(w2 + i), v, i32x4.splat(0))
      let a3 = dotCodes(v128.load(w3 + i), v, i32x4.splat(0))
      let total = hasMinimums ? dotCodes(ones(), v, i32x4.splat(0)) : i32x4.splat(0)
      // The second half of a block of 32, unless the row ends before it.
      if (width == 32 && i + 16 < end) {
        v = v128.load(x + i, 16)
        a0 = dotCodes(v128.load(w0 + i, 16), v, a0)
        a1 = dotCodes(v128.load(w1 + i, 16), v, a1)
        a2 = dotCodes(v128.load(w2 + i, 16), v, a2)
        a3 = dotCodes(v128.load(w3 + i, 16), v, a3)
        if (hasMinimums) total = dotCodes(ones(), v, total)
      }
      b0 = addScaledCodes(b0, a0, s0)
      b1 = addScaledCodes(b1, a1, s1)
      b2 = addScaledCodes(b2, a2, s2)
      b3 = addScaledCodes(b3, a3, s3)
      if (hasMinimums) {
        b0 = addScaledCodes(b0, total, s0 + toMinimums)
        b1 = addScaledCodes(b1, total, s1 + toMinimums)
        b2 = addScaledCodes(b2, total, s2 + toMinimums)
        b3 = addScaledCodes(b3, total, s3 + toMinimums)
      }
    }
    const scale = v128.load_splat<f32>(parameters)
    t0 = f32x4.add(t0, f32x4.mul(b0, scale))
    t1 = f32x4.add(t1, f32x4.mul(b1, scale))
    t2 = f32x4.add(t2, f32x4.mul(b2, scale))
    t3 = f32x4.add(t3, f32x4.mul(b3, scale))
    shift = f32x4.add(shift, f32x4.mul(v128.load(sums), v128.load_splat<f32>(parameters, 4)))
  }
  storeValid(f32x4.add(sum4(t0, t1, t2, t3), shift), out, valid)
}

/** `total + scale * codes`. */
// @ts-ignore: decorator
@inline
function addScaledCodes(total: v128, codes: v128, scale: usize): v128 {
  return f32x4.add(total, f32x4.mul(f32x4.convert_i32x4_s(codes), v128.load_splat<f32>(scale)))
}

// @ts-ignore: decorator
@inline
function ones(): v128 {
  return i8x16.splat(1)
}
