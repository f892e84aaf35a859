/** E4M3 or bf16 matrix times one vector, decoded in registers: the inner loops of decoding a token. */
import {
  allNormal,
  biasBits,
  correctE4m3,
  firstNormal,
  highBf16,
  highE4m3,
  lowBf16,
  lowE4m3,
  magnitudeBits,
  placeBits,
} from './decode'
import { storeValid, sum4 } from './linear-tile'
import { Matrix, rowScales } from './matrix'

/**
 * `out[r] = sum_i x[i] * matrix[firstRow + r, i]`; columns and block width are multiples of 16.
 * Four rows share the loads of `x` and one test for special codes. Per block of columns the products of
 * codes are summed first, then multiplied by the block's scale. Where the matrix ends, its last row stands
 * in for the missing ones and the results are dropped.
 */
export function vectorE4m3(matrix: Matrix, firstRow: i32, rows: i32, x: usize, out: usize): void {
  const columns = matrix.columns
  const width = matrix.blockColumns
  const data = matrix.data + <usize>firstRow * columns
  const bits = magnitudeBits()
  const first = firstNormal()
  const place = placeBits()
  const bias = biasBits()
  for (let r = 0; r < rows; r += 4, out += 16) {
    const valid = min(4, rows - r)
    let p0 = data + <usize>r * columns
    let p1 = p0 + columns * min(1, valid - 1)
    let p2 = p0 + columns * min(2, valid - 1)
    let p3 = p0 + columns * min(3, valid - 1)
    const row = firstRow + r
    let scale0 = rowScales(matrix, row)
    let scale1 = rowScales(matrix, row + min(1, valid - 1))
    let scale2 = rowScales(matrix, row + min(2, valid - 1))
    let scale3 = rowScales(matrix, row + min(3, valid - 1))
    let sum0 = f32x4.splat(0)
    let sum1 = f32x4.splat(0)
    let sum2 = f32x4.splat(0)
    let sum3 = f32x4.splat(0)
    let xi = x
    for (let begin = 0; begin < columns; begin += width) {
      let block0 = f32x4.splat(0)
      let block1 = f32x4.splat(0)
      let block2 = f32x4.splat(0)
      let block3 = f32x4.splat(0)
      const end = p0 + min(width, columns - begin)
      for (; p0 < end; p0 += 16, p1 += 16, p2 += 16, p3 += 16, xi += 64) {
        const m0 = v128.and(v128.load(p0), bits)
        const m1 = v128.and(v128.load(p1), bits)
        const m2 = v128.and(v128.load(p2), bits)
        const m3 = v128.and(v128.load(p3), bits)
        const low = i8x16.min_u(i8x16.min_u(m0, m1), i8x16.min_u(m2, m3))
        const high = i8x16.max_u(i8x16.max_u(m0, m1), i8x16.max_u(m2, m3))
        if (allNormal(low, high, first)) {
          block0 = addNormal(block0, v128.load(p0), xi, place, bias)
          block1 = addNormal(block1, v128.load(p1), xi, place, bias)
          block2 = addNormal(block2, v128.load(p2), xi, place, bias)
          block3 = addNormal(block3, v128.load(p3), xi, place, bias)
        } else {
          block0 = addAny(block0, v128.load(p0), xi)
          block1 = addAny(block1, v128.load(p1), xi)
          block2 = addAny(block2, v128.load(p2), xi)
          block3 = addAny(block3, v128.load(p3), xi)
        }
      }
      sum0 = f32x4.add(sum0, f32x4.mul(block0, v128.load_splat<f32>(scale0)))
      sum1 = f32x4.add(sum1, f32x4.mul(block1, v128.load_splat<f32>(scale1)))
      sum2 = f32x4.add(sum2, f32x4.mul(block2, v128.load_splat<f32>(scale2)))
      sum3 = f32x4.add(sum3, f32x4.mul(block3, v128.load_splat<f32>(scale3)))
      scale0 += 4
      scale1 += 4
      scale2 += 4
      scale3 += 4
    }
    storeValid(sum4(sum0, sum1, sum2, sum3), out, valid)
  }
}

/** `total` plus 16 products; every code is a normal number. */
// @ts-ignore: decorator
@inline
function addNormal(total: v128, codes: v128, x: usize, place: v128, bias: v128): v128 {
  const low = lowE4m3(codes, place, bias)
  const high = highE4m3(codes, place, bias)
  total = f32x4.add(total, f32x4.mul(lowBf16(low), v128.load(x)))
  total = f32x4.add(total, f32x4.mul(highBf16(low), v128.load(x, 16)))
  total = f32x4.add(total, f32x4.mul(lowBf16(high), v128.load(x, 32)))
  return f32x4.add(total, f32x4.mul(highBf16(high), v128.load(x, 48)))
}

/** The same, in the same order, for any code. Rare in real weights: about one code in ten thousand. */
function addAny(total: v128, codes: v128, x: usize): v128 {
  const low = lowE4m3(codes, placeBits(), biasBits())
  const high = highE4m3(codes, placeBits(), biasBits())
  total = f32x4.add(total, f32x4.mul(correctE4m3(lowBf16(low)), v128.load(x)))
  total = f32x4.add(total, f32x4.mul(correctE4m3(highBf16(low)), v128.load(x, 16)))
  total = f32x4.add(total, f32x4.mul(correctE4m3(lowBf16(high)), v128.load(x, 32)))
  return f32x4.add(total, f32x4.mul(correctE4m3(highBf16(high)), v128.load(x, 48)))
}

/** The same for bf16, without scales; columns are a multiple of 8. */
export function vectorBf16(matrix: Matrix, firstRow: i32, rows: i32, x: usize, out: usize): void {
  const rowBytes = <usize>matrix.columns * 2
  for (let r = 0; r < rows; r += 4, out += 16) {
    const valid = min(4, rows - r)
    const w0 = matrix.data + <usize>(firstRow + r) * rowBytes
    const w1 = w0 + rowBytes * min(1, valid - 1)
    const w2 = w0 + rowBytes * min(2, valid - 1)
    const w3 = w0 + rowBytes * min(3, valid - 1)
    let sum0 = f32x4.splat(0)
    let sum1 = f32x4.splat(0)
    let sum2 = f32x4.splat(0)
    let sum3 = f32x4.splat(0)
    for (let i: usize = 0; i < rowBytes; i += 16) {
      const low = v128.load(x + 2 * i)
      const high = v128.load(x + 2 * i, 16)
      sum0 = addBf16(sum0, v128.load(w0 + i), low, high)
      sum1 = addBf16(sum1, v128.load(w1 + i), low, high)
      sum2 = addBf16(sum2, v128.load(w2 + i), low, high)
      sum3 = addBf16(sum3, v128.load(w3 + i), low, high)
    }
    storeValid(sum4(sum0, sum1, sum2, sum3), out, valid)
  }
}

// @ts-ignore: decorator
@inline
function addBf16(total: v128, v: v128, low: v128, high: v128): v128 {
  total = f32x4.add(total, f32x4.mul(lowBf16(v), low))
  return f32x4.add(total, f32x4.mul(highBf16(v), high))
}
