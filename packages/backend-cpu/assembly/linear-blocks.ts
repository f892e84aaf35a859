/**
 * Register tiles for weights whose scales stand for blocks of columns: four rows of codes in f32 times one or two tokens.
 * The products of a block are summed before they are scaled, in the order of `vectorE4m3`: a token gets the same bits whether
 * it comes alone or with others.
 */
import { storeValid, sum4 } from './linear-tile'
import { Matrix, rowScales } from './matrix'

/** Rows of `matrix` from `row` on, their codes at `panel` f32 `[valid, columns]`, times `x`; as `tile4x1`. */
export function blockTile4x1(matrix: Matrix, row: i32, valid: i32, panel: usize, x: usize, out: usize): void {
  const rowBytes = <usize>matrix.columns * 4
  const blockBytes = <usize>matrix.blockColumns * 4
  const w1 = panel + rowBytes * min(1, valid - 1)
  const w2 = panel + rowBytes * min(2, valid - 1)
  const w3 = panel + rowBytes * min(3, valid - 1)
  let scale0 = rowScales(matrix, row)
  let scale1 = rowScales(matrix, row + min(1, valid - 1))
  let scale2 = rowScales(matrix, row + min(2, valid - 1))
  let scale3 = rowScales(matrix, row + min(3, valid - 1))
  let a0 = f32x4.splat(0)
  let a1 = f32x4.splat(0)
  let a2 = f32x4.splat(0)
  let a3 = f32x4.splat(0)
  for (let begin: usize = 0; begin < rowBytes; begin += blockBytes) {
    let b0 = f32x4.splat(0)
    let b1 = f32x4.splat(0)
    let b2 = f32x4.splat(0)
    let b3 = f32x4.splat(0)
    const end = min(begin + blockBytes, rowBytes)
    for (let i = begin; i < end; i += 16) {
      const v = v128.load(x + i)
      b0 = f32x4.add(b0, f32x4.mul(v128.load(panel + i), v))
      b1 = f32x4.add(b1, f32x4.mul(v128.load(w1 + i), v))
      b2 = f32x4.add(b2, f32x4.mul(v128.load(w2 + i), v))
      b3 = f32x4.add(b3, f32x4.mul(v128.load(w3 + i), v))
    }
    a0 = f32x4.add(a0, f32x4.mul(b0, v128.load_splat<f32>(scale0)))
    a1 = f32x4.add(a1, f32x4.mul(b1, v128.load_splat<f32>(scale1)))
    a2 = f32x4.add(a2, f32x4.mul(b2, v128.load_splat<f32>(scale2)))
    a3 = f32x4.add(a3, f32x4.mul(b3, v128.load_splat<f32>(scale3)))
    scale0 += 4
    scale1 += 4
    scale2 += 4
    scale3 += 4
  }
  storeValid(sum4(a0, a1, a2, a3), out, valid)
}

/** The same for two tokens `x`, `y` with results at `outX`, `outY`. */
export function blockTile4x2(
  matrix: Matrix, row: i32, valid: i32, panel: usize, x: usize, y: usize, outX: usize, outY: usize,
): void {
  const rowBytes = <usize>matrix.columns * 4
  const blockBytes = <usize>matrix.blockColumns * 4
  const w1 = panel + rowBytes * min(1, valid - 1)
  const w2 = panel + rowBytes * min(2, valid - 1)
  const w3 = panel + rowBytes * min(3, valid - 1)
  let scale0 = rowScales(matrix, row)
  let scale1 = rowScales(matrix, row + min(1, valid - 1))
  let scale2 = rowScales(matrix, row + min(2, valid - 1))
  let scale3 = rowScales(matrix, row + min(3, valid - 1))
  let totalX0 = f32x4.splat(0)
  let totalX1 = f32x4.splat(0)
  let totalX2 = f32x4.splat(0)
  let totalX3 = f32x4.splat(0)
  let totalY0 = f32x4.splat(0)
  let totalY1 = f32x4.splat(0)
  let totalY2 = f32x4.splat(0)
  let totalY3 = f32x4.splat(0)
  for (let begin: usize = 0; begin < rowBytes; begin += blockBytes) {
    let a0 = f32x4.splat(0)
    let a1 = f32x4.splat(0)
    let a2 = f32x4.splat(0)
    let a3 = f32x4.splat(0)
    let b0 = f32x4.splat(0)
    let b1 = f32x4.splat(0)
    let b2 = f32x4.splat(0)
    let b3 = f32x4.splat(0)
    const end = min(begin + blockBytes, rowBytes)
    for (let i = begin; i < end; i += 16) {
      const u = v128.load(x + i)
      const v = v128.load(y + i)
      let w = v128.load(panel + i)
      a0 = f32x4.add(a0, f32x4.mul(w, u))
      b0 = f32x4.add(b0, f32x4.mul(w, v))
      w = v128.load(w1 + i)
      a1 = f32x4.add(a1, f32x4.mul(w, u))
      b1 = f32x4.add(b1, f32x4.mul(w, v))
      w = v128.load(w2 + i)
      a2 = f32x4.add(a2, f32x4.mul(w, u))
      b2 = f32x4.add(b2, f32x4.mul(w, v))
      w = v128.load(w3 + i)
      a3 = f32x4.add(a3, f32x4.mul(w, u))
      b3 = f32x4.add(b3, f32x4.mul(w, v))
    }
    let scale = v128.load_splat<f32>(scale0)
    totalX0 = f32x4.add(totalX0, f32x4.mul(a0, scale))
    totalY0 = f32x4.add(totalY0, f32x4.mul(b0, scale))
    scale = v128.load_splat<f32>(scale1)
    totalX1 = f32x4.add(totalX1, f32x4.mul(a1, scale))
    totalY1 = f32x4.add(totalY1, f32x4.mul(b1, scale))
    scale = v128.load_splat<f32>(scale2)
    totalX2 = f32x4.add(totalX2, f32x4.mul(a2, scale))
    totalY2 = f32x4.add(totalY2, f32x4.mul(b2, scale))
    scale = v128.load_splat<f32>(scale3)
    totalX3 = f32x4.add(totalX3, f32x4.mul(a3, scale))
    totalY3 = f32x4.add(totalY3, f32x4.mul(b3, scale))
    scale0 += 4
    scale1 += 4
    scale2 += 4
    scale3 += 4
  }
  storeValid(sum4(totalX0, totalX1, totalX2, totalX3), outX, valid)
  storeValid(sum4(totalY0, totalY1, totalY2, totalY3), outY, valid)
}
