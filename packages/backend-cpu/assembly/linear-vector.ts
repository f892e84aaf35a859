/** E4M3 matrix times one vector, decoded in registers: the inner loop of decoding a token. */
import { correctE4m3, highBf16, highE4m3, lowBf16, lowE4m3, specialE4m3 } from './decode'
import { Matrix, rowScales } from './matrix'
import { sum } from './vector'

/**
 * `out[r] = sum_i x[i] * matrix[firstRow + r, i]`; columns and block width are multiples of 16.
 * Two rows share the loads of `x`. Per block of columns the products of codes are summed first, then
 * multiplied by the block's scale. Where the last row has no partner it is its own.
 */
export function vectorE4m3(matrix: Matrix, firstRow: i32, rows: i32, x: usize, out: usize): void {
  const columns = matrix.columns
  const width = matrix.blockColumns
  for (let r = 0; r < rows; r += 2) {
    const row0 = firstRow + r
    const row1 = r + 1 < rows ? row0 + 1 : row0
    let p0 = matrix.data + <usize>row0 * columns
    let p1 = matrix.data + <usize>row1 * columns
    let scale0 = rowScales(matrix, row0)
    let scale1 = rowScales(matrix, row1)
    let sum0 = f32x4.splat(0)
    let sum1 = f32x4.splat(0)
    let xi = x
    for (let begin = 0; begin < columns; begin += width, scale0 += 4, scale1 += 4) {
      let block0 = f32x4.splat(0)
      let block1 = f32x4.splat(0)
      for (const end = p0 + min(width, columns - begin); p0 < end; p0 += 16, p1 += 16, xi += 64) {
        const codes0 = v128.load(p0)
        const codes1 = v128.load(p1)
        const m0 = v128.and(codes0, i8x16.splat(0x7f))
        const m1 = v128.and(codes1, i8x16.splat(0x7f))
        if (i8x16.bitmask(specialE4m3(i8x16.min_u(m0, m1), i8x16.max_u(m0, m1))) == 0) {
          block0 = addNormal(block0, codes0, xi)
          block1 = addNormal(block1, codes1, xi)
        } else {
          block0 = f32x4.add(block0, dotAny(codes0, xi))
          block1 = f32x4.add(block1, dotAny(codes1, xi))
        }
      }
      sum0 = f32x4.add(sum0, f32x4.mul(block0, v128.load_splat<f32>(scale0)))
      sum1 = f32x4.add(sum1, f32x4.mul(block1, v128.load_splat<f32>(scale1)))
    }
    store<f32>(out, sum(sum0))
    if (row1 != row0) store<f32>(out, sum(sum1), 4)
    out += 8
  }
}

/** `total` plus 16 products; every code is a normal number. */
// @ts-ignore: decorator
@inline
function addNormal(total: v128, codes: v128, x: usize): v128 {
  const low = lowE4m3(codes)
  const high = highE4m3(codes)
  total = f32x4.add(total, f32x4.mul(lowBf16(low), v128.load(x)))
  total = f32x4.add(total, f32x4.mul(highBf16(low), v128.load(x, 16)))
  total = f32x4.add(total, f32x4.mul(lowBf16(high), v128.load(x, 32)))
  return f32x4.add(total, f32x4.mul(highBf16(high), v128.load(x, 48)))
}

/** 16 products summed to four; any code. Rare in real weights: about one code in ten thousand. */
function dotAny(codes: v128, x: usize): v128 {
  const low = lowE4m3(codes)
  const high = highE4m3(codes)
  let total = f32x4.mul(correctE4m3(lowBf16(low)), v128.load(x))
  total = f32x4.add(total, f32x4.mul(correctE4m3(highBf16(low)), v128.load(x, 16)))
  total = f32x4.add(total, f32x4.mul(correctE4m3(lowBf16(high)), v128.load(x, 32)))
  return f32x4.add(total, f32x4.mul(correctE4m3(highBf16(high)), v128.load(x, 48)))
}
