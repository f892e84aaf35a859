/** Register tiles of a matrix product in f32: four rows of the weight times one or two tokens. */

/** Rows `w0 .. w3` times `x`; the first `valid` of the four results are stored at `out`. */
export function tile4x1(
  w0: usize, w1: usize, w2: usize, w3: usize, x: usize, columns: i32, out: usize, valid: i32,
): void {
  let a0 = f32x4.splat(0)
  let a1 = f32x4.splat(0)
  let a2 = f32x4.splat(0)
  let a3 = f32x4.splat(0)
  const vectors = <usize>(columns >> 2) * 16
  for (let i: usize = 0; i < vectors; i += 16) {
    const v = v128.load(x + i)
    a0 = f32x4.add(a0, f32x4.mul(v128.load(w0 + i), v))
    a1 = f32x4.add(a1, f32x4.mul(v128.load(w1 + i), v))
    a2 = f32x4.add(a2, f32x4.mul(v128.load(w2 + i), v))
    a3 = f32x4.add(a3, f32x4.mul(v128.load(w3 + i), v))
  }
  let sums = sum4(a0, a1, a2, a3)
  for (let i = vectors; i < <usize>columns * 4; i += 4) sums = addColumn(sums, w0, w1, w2, w3, x, i)
  storeValid(sums, out, valid)
}

/** The same for two tokens `x`, `y` with results at `outX`, `outY`. */
export function tile4x2(
  w0: usize, w1: usize, w2: usize, w3: usize, x: usize, y: usize, columns: i32,
  outX: usize, outY: usize, valid: i32,
): void {
  let a0 = f32x4.splat(0)
  let a1 = f32x4.splat(0)
  let a2 = f32x4.splat(0)
  let a3 = f32x4.splat(0)
  let b0 = f32x4.splat(0)
  let b1 = f32x4.splat(0)
  let b2 = f32x4.splat(0)
  let b3 = f32x4.splat(0)
  const vectors = <usize>(columns >> 2) * 16
  for (let i: usize = 0; i < vectors; i += 16) {
    const u = v128.load(x + i)
    const v = v128.load(y + i)
    let w = v128.load(w0 + i)
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
  let sumsX = sum4(a0, a1, a2, a3)
  let sumsY = sum4(b0, b1, b2, b3)
  for (let i = vectors; i < <usize>columns * 4; i += 4) {
    sumsX = addColumn(sumsX, w0, w1, w2, w3, x, i)
    sumsY = addColumn(sumsY, w0, w1, w2, w3, y, i)
  }
  storeValid(sumsX, outX, valid)
  storeValid(sumsY, outY, valid)
}

/** `[sum(a), sum(b), sum(c), sum(d)]`. */
// @ts-ignore: decorator
@inline
export function sum4(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7))
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 1, 4, 5), v128.shuffle<f32>(c, d, 2, 3, 6, 7))
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7))
}

/** One column that does not fill a vector, at byte `i`. */
// @ts-ignore: decorator
@inline
function addColumn(sums: v128, w0: usize, w1: usize, w2: usize, w3: usize, x: usize, i: usize): v128 {
  const w = f32x4(load<f32>(w0 + i), load<f32>(w1 + i), load<f32>(w2 + i), load<f32>(w3 + i))
  return f32x4.add(sums, f32x4.mul(w, v128.load_splat<f32>(x + i)))
}

/** Stores the first `valid` lanes, 1 to 4. */
// @ts-ignore: decorator
@inline
export function storeValid(sums: v128, out: usize, valid: i32): void {
  if (valid == 4) {
    v128.store(out, sums)
    return
  }
  store<f32>(out, f32x4.extract_lane(sums, 0))
  if (valid > 1) store<f32>(out, f32x4.extract_lane(sums, 1), 4)
  if (valid > 2) store<f32>(out, f32x4.extract_lane(sums, 2), 8)
}
