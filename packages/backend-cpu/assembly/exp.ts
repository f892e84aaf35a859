/**
 * e^x of four lanes, relative error below 2e-7 (measured through `siluMul` in `src/wasm/exact.test.ts`).
 * NaN stays NaN; infinities, overflow and underflow give what IEEE gives.
 *
 * x = n ln 2 + r with |r| <= ln 2 / 2, e^r by the polynomial of the Cephes library (expf), e^x = 2^n e^r.
 * ln 2 is split in two so that n ln 2 is exact in its first part.
 */
export function exp(value: v128): v128 {
  // Beyond these bounds the result is 0 or Infinity anyway; min and max keep NaN.
  const x = f32x4.max(f32x4.min(value, f32x4.splat(89)), f32x4.splat(-104))
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)))
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)))
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)))
  let p = f32x4.splat(1.9875691500e-4)
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1))
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1))
  // 2^n in two factors: n = 128 and n < -126 have no float32 of their own.
  const whole = i32x4.trunc_sat_f32x4_s(n)
  const half = i32x4.shr_s(whole, 1)
  return f32x4.mul(f32x4.mul(p, powerOfTwo(half)), powerOfTwo(i32x4.sub(whole, half)))
}

// @ts-ignore: decorator
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23)
}

/** e^x of one number. */
// @ts-ignore: decorator
@inline
export function expOne(x: f32): f32 {
  return f32x4.extract_lane(exp(f32x4.splat(x)), 0)
}
