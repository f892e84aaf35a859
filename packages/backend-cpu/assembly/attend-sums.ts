/** The sums of attention over a block of positions, for one query or two that read the same rows: the bits are the same. */
import { exp, expOne } from './exp'
import { tile4x1, tile4x2 } from './linear-tile'
import { multiplyBy, sum } from './vector'

/** `scores[s] = query . rows[s]`, four rows at a time; filled up with -Infinity to a multiple of four. */
export function score(query: usize, rows: usize, stride: usize, positions: i32, width: i32, scores: usize): void {
  for (let s = 0; s < positions; s += 4, rows += 4 * stride) {
    const valid = min(4, positions - s)
    const r1 = rows + stride * min(1, valid - 1)
    const r2 = rows + stride * min(2, valid - 1)
    const r3 = rows + stride * min(3, valid - 1)
    tile4x1(rows, r1, r2, r3, query, width, scores + <usize>s * 4, valid)
  }
  mask(scores, positions)
}

/** The same for two queries that see `a` and `b` positions. */
export function scorePair(
  queryA: usize, queryB: usize, rows: usize, stride: usize, a: i32, b: i32, width: i32, scoresA: usize, scoresB: usize,
): void {
  const positions = max(a, b)
  for (let s = 0; s < positions; s += 4, rows += 4 * stride) {
    const valid = min(4, positions - s)
    const r1 = rows + stride * min(1, valid - 1)
    const r2 = rows + stride * min(2, valid - 1)
    const r3 = rows + stride * min(3, valid - 1)
    tile4x2(rows, r1, r2, r3, queryA, queryB, width, scoresA + <usize>s * 4, scoresB + <usize>s * 4, valid)
  }
  mask(scoresA, a)
  mask(scoresB, b)
}

function mask(scores: usize, positions: i32): void {
  for (let s = positions; s & 3; s++) store<f32>(scores + <usize>s * 4, -Infinity)
}

/** Scores become `e^(score - maximum)`; maximum, total and `result` are brought up to date. */
export function softmaxStep(
  scores: usize, positions: i32, maximum: usize, total: usize, width: i32, result: usize,
): void {
  const end = scores + <usize>((positions + 3) & ~3) * 4
  let top4 = v128.load(scores)
  for (let p = scores + 16; p < end; p += 16) top4 = f32x4.max(top4, v128.load(p))
  const blockTop = max<f32>(
    max<f32>(f32x4.extract_lane(top4, 0), f32x4.extract_lane(top4, 1)),
    max<f32>(f32x4.extract_lane(top4, 2), f32x4.extract_lane(top4, 3)),
  )
  const before = load<f32>(maximum)
  const top = max<f32>(before, blockTop)
  let sums = f32x4.splat(0)
  for (let p = scores; p < end; p += 16) {
    const e = exp(f32x4.sub(v128.load(p), f32x4.splat(top)))
    v128.store(p, e)
    sums = f32x4.add(sums, e)
  }
  let earlier: f32 = 1
  if (top != before) {
    earlier = expOne(before - top)
    multiplyBy(result, earlier, width, result)
  }
  store<f32>(maximum, top)
  store<f32>(total, load<f32>(total) * earlier + sum(sums))
}

/** `result[r] += sum_s weights[s] * rows[s, r]`, 16 columns at a time in registers. */
export function addRows(weights: usize, rows: usize, stride: usize, positions: i32, width: i32, result: usize): void {
  const end = weights + <usize>positions * 4
  let r = 0
  for (; r + 16 <= width; r += 16, rows += 64, result += 64) {
    let a0 = v128.load(result)
    let a1 = v128.load(result, 16)
    let a2 = v128.load(result, 32)
    let a3 = v128.load(result, 48)
    let row = rows
    for (let p = weights; p < end; p += 4, row += stride) {
      const weight = v128.load_splat<f32>(p)
      a0 = f32x4.add(a0, f32x4.mul(weight, v128.load(row)))
      a1 = f32x4.add(a1, f32x4.mul(weight, v128.load(row, 16)))
      a2 = f32x4.add(a2, f32x4.mul(weight, v128.load(row, 32)))
      a3 = f32x4.add(a3, f32x4.mul(weight, v128.load(row, 48)))
    }
    v128.store(result, a0)
    v128.store(result, a1, 16)
    v128.store(result, a2, 32)
    v128.store(result, a3, 48)
  }
  for (; r < width; r++, rows += 4, result += 4) {
    let total = load<f32>(result)
    let row = rows
    for (let p = weights; p < end; p += 4, row += stride) total += load<f32>(p) * load<f32>(row)
    store<f32>(result, total)
  }
}

/** The same for two queries with as many positions each. */
export function addRowsPair(
  weightsA: usize, weightsB: usize, rows: usize, stride: usize, positions: i32, width: i32,
  resultA: usize, resultB: usize,
): void {
  const bytes = <usize>positions * 4
  const whole = width & ~15
  for (let r: usize = 0; r < <usize>whole * 4; r += 64) {
    let a0 = v128.load(resultA + r)
    let a1 = v128.load(resultA + r, 16)
    let a2 = v128.load(resultA + r, 32)
    let a3 = v128.load(resultA + r, 48)
    let b0 = v128.load(resultB + r)
    let b1 = v128.load(resultB + r, 16)
    let b2 = v128.load(resultB + r, 32)
    let b3 = v128.load(resultB + r, 48)
    let row = rows + r
    for (let p: usize = 0; p < bytes; p += 4, row += stride) {
      const a = v128.load_splat<f32>(weightsA + p)
      const b = v128.load_splat<f32>(weightsB + p)
      let v = v128.load(row)
      a0 = f32x4.add(a0, f32x4.mul(a, v))
      b0 = f32x4.add(b0, f32x4.mul(b, v))
      v = v128.load(row, 16)
      a1 = f32x4.add(a1, f32x4.mul(a, v))
      b1 = f32x4.add(b1, f32x4.mul(b, v))
      v = v128.load(row, 32)
      a2 = f32x4.add(a2, f32x4.mul(a, v))
      b2 = f32x4.add(b2, f32x4.mul(b, v))
      v = v128.load(row, 48)
      a3 = f32x4.add(a3, f32x4.mul(a, v))
      b3 = f32x4.add(b3, f32x4.mul(b, v))
    }
    v128.store(resultA + r, a0)
    v128.store(resultA + r, a1, 16)
    v128.store(resultA + r, a2, 32)
    v128.store(resultA + r, a3, 48)
    v128.store(resultB + r, b0)
    v128.store(resultB + r, b1, 16)
    v128.store(resultB + r, b2, 32)
    v128.store(resultB + r, b3, 48)
  }
  if (whole == width) return
  const at = <usize>whole * 4
  addRows(weightsA, rows + at, stride, positions, width - whole, resultA + at)
  addRows(weightsB, rows + at, stride, positions, width - whole, resultB + at)
}
