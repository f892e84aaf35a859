/** Products of an int8 matrix with quantized vectors (`int8.ts`): four rows times one or two tokens in registers. */
import { BLOCK, codeBytes, dotCodes, sum4 } from './int8'
import { integers4x1, integers4x4 } from './integers'
import { vectorAt } from './linear'
import { storeValid } from './linear-tile'
import { Matrix } from './matrix'

/** Tokens whose codes should stay in the second-level cache while the weights pass by. */
const TOKEN_BLOCK: i32 = 128

/** As `linear`, of vectors `xStride` bytes apart; `firstRow` is a multiple of four. */
export function linearInt8(
  matrix: Matrix, firstRow: i32, rows: i32, x: usize, xStride: usize, tokens: i32,
  out: usize, outStride: usize, list: usize,
): void {
  if (matrix.sums) {
    for (let begin = 0; begin < tokens; begin += TOKEN_BLOCK) {
      const end = min(begin + TOKEN_BLOCK, tokens)
      for (let r = 0; r < rows; r += 4) {
        const valid = min(4, rows - r)
        let outT = out + outStride * begin + r * 4
        let t = begin
        for (; t + 4 <= end; t += 4, outT += 4 * outStride) {
          const x0 = vectorAt(x, xStride, list, t)
          const x1 = vectorAt(x, xStride, list, t + 1)
          const x2 = vectorAt(x, xStride, list, t + 2)
          const x3 = vectorAt(x, xStride, list, t + 3)
          integers4x4(matrix, firstRow + r, valid, x0, x1, x2, x3, outT, outStride)
        }
        for (; t < end; t++, outT += outStride) {
          integers4x1(matrix, firstRow + r, valid, vectorAt(x, xStride, list, t), outT)
        }
      }
    }
    return
  }
  const rowBytes = matrix.rowBytes
  const quadBytes = <usize>matrix.scaleColumns * 32
  for (let begin = 0; begin < tokens; begin += TOKEN_BLOCK) {
    const end = min(begin + TOKEN_BLOCK, tokens)
    for (let r = 0; r < rows; r += 4) {
      const valid = min(4, rows - r)
      const w0 = matrix.data + rowBytes * <usize>(firstRow + r)
      const w1 = w0 + rowBytes * min(1, valid - 1)
      const w2 = w0 + rowBytes * min(2, valid - 1)
      const w3 = w0 + rowBytes * min(3, valid - 1)
      const factors = matrix.scales + quadBytes * <usize>((firstRow + r) >> 2)
      let outT = out + outStride * begin + r * 4
      let t = begin
      for (; t + 2 <= end; t += 2, outT += 2 * outStride) {
        const xt = vectorAt(x, xStride, list, t)
        const yt = vectorAt(x, xStride, list, t + 1)
        tile4x2(w0, w1, w2, w3, factors, xt, yt, matrix.columns, outT, outT + outStride, valid)
      }
      if (t < end) tile4x1(w0, w1, w2, w3, factors, vectorAt(x, xStride, list, t), matrix.columns, outT, valid)
    }
  }
}

function tile4x1(
  w0: usize, w1: usize, w2: usize, w3: usize, factors: usize, x: usize, columns: i32, out: usize, valid: i32,
): void {
  let total = f32x4.splat(0)
  const bytes = codeBytes(columns)
  let parameters = x + bytes
  for (let begin: usize = 0; begin < bytes; begin += BLOCK, factors += 32, parameters += 8) {
    const end = min(begin + BLOCK, bytes)
    let a0 = i32x4.splat(0)
    let a1 = i32x4.splat(0)
    let a2 = i32x4.splat(0)
    let a3 = i32x4.splat(0)
    let b0 = i32x4.splat(0)
    let b1 = i32x4.splat(0)
    let b2 = i32x4.splat(0)
    let b3 = i32x4.splat(0)
    let i = begin
    // Eight sums, since four would wait for each other: a dot product takes five cycles, and two can begin in each.
    for (; i + 32 <= end; i += 32) {
      const u = v128.load(x + i)
      const v = v128.load(x + i, 16)
      a0 = dotCodes(v128.load(w0 + i), u, a0)
      b0 = dotCodes(v128.load(w0 + i, 16), v, b0)
      a1 = dotCodes(v128.load(w1 + i), u, a1)
      b1 = dotCodes(v128.load(w1 + i, 16), v, b1)
      a2 = dotCodes(v128.load(w2 + i), u, a2)
      b2 = dotCodes(v128.load(w2 + i, 16), v, b2)
      a3 = dotCodes(v128.load(w3 + i), u, a3)
      b3 = dotCodes(v128.load(w3 + i, 16), v, b3)
    }
    if (i < end) {
      const v = v128.load(x + i)
      a0 = dotCodes(v128.load(w0 + i), v, a0)
      a1 = dotCodes(v128.load(w1 + i), v, a1)
      a2 = dotCodes(v128.load(w2 + i), v, a2)
      a3 = dotCodes(v128.load(w3 + i), v, a3)
    }
    const sums = sum4(i32x4.add(a0, b0), i32x4.add(a1, b1), i32x4.add(a2, b2), i32x4.add(a3, b3))
    total = addBlock(total, sums, factors, parameters)
  }
  storeValid(total, out, valid)
}

function tile4x2(
  w0: usize, w1: usize, w2: usize, w3: usize, factors: usize, x: usize, y: usize, columns: i32,
  outX: usize, outY: usize, valid: i32,
): void {
  let totalX = f32x4.splat(0)
  let totalY = f32x4.splat(0)
  const bytes = codeBytes(columns)
  let parametersX = x + bytes
  let parametersY = y + bytes
  for (let begin: usize = 0; begin < bytes; begin += BLOCK, factors += 32) {
    const end = min(begin + BLOCK, bytes)
    let a0 = i32x4.splat(0)
    let a1 = i32x4.splat(0)
    let a2 = i32x4.splat(0)
    let a3 = i32x4.splat(0)
    let b0 = i32x4.splat(0)
    let b1 = i32x4.splat(0)
    let b2 = i32x4.splat(0)
    let b3 = i32x4.splat(0)
    for (let i = begin; i < end; i += 16) {
      const u = v128.load(x + i)
      const v = v128.load(y + i)
      let w = v128.load(w0 + i)
      a0 = dotCodes(w, u, a0)
      b0 = dotCodes(w, v, b0)
      w = v128.load(w1 + i)
      a1 = dotCodes(w, u, a1)
      b1 = dotCodes(w, v, b1)
      w = v128.load(w2 + i)
      a2 = dotCodes(w, u, a2)
      b2 = dotCodes(w, v, b2)
      w = v128.load(w3 + i)
      a3 = dotCodes(w, u, a3)
      b3 = dotCodes(w, v, b3)
    }
    totalX = addBlock(totalX, sum4(a0, a1, a2, a3), factors, parametersX)
    totalY = addBlock(totalY, sum4(b0, b1, b2, b3), factors, parametersY)
    parametersX += 8
    parametersY += 8
  }
  storeValid(totalX, outX, valid)
  storeValid(totalY, outY, valid)
}

/** `total + scales * sx * sums + scaled sums * low`: one block of four rows and a token. */
// @ts-ignore: decorator
@inline
function addBlock(total: v128, sums: v128, factors: usize, parameters: usize): v128 {
  const scaled = f32x4.mul(f32x4.convert_i32x4_s(sums), f32x4.mul(v128.load(factors), v128.load_splat<f32>(parameters)))
  const shift = f32x4.mul(v128.load(factors, 16), v128.load_splat<f32>(parameters, 4))
  return f32x4.add(total, f32x4.add(scaled, shift))
}
