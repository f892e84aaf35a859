/** Small helpers on 128-bit vectors of four f32. */

/** The sum of the four lanes. */
// @ts-ignore: decorator
@inline
export function sum(v: v128): f32 {
  const pairs = f32x4.add(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1))
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1)
}

/** `a . b` over `count` f32. Two partial sums of four lanes hide some of the latency of the addition. */
export function dot(a: usize, b: usize, count: i32): f32 {
  let s0 = f32x4.splat(0)
  let s1 = f32x4.splat(0)
  let i = 0
  for (; i + 8 <= count; i += 8, a += 32, b += 32) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a), v128.load(b)))
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a, 16), v128.load(b, 16)))
  }
  let total = sum(f32x4.add(s0, s1))
  for (; i < count; i++, a += 4, b += 4) total += load<f32>(a) * load<f32>(b)
  return total
}

/** `out += factor * x` over `count` f32. */
export function addScaled(x: usize, factor: f32, count: i32, out: usize): void {
  const factors = f32x4.splat(factor)
  let i = 0
  for (; i + 4 <= count; i += 4, x += 16, out += 16) {
    v128.store(out, f32x4.add(v128.load(out), f32x4.mul(factors, v128.load(x))))
  }
  for (; i < count; i++, x += 4, out += 4) store<f32>(out, load<f32>(out) + factor * load<f32>(x))
}

/** `out = factor * x` over `count` f32. */
export function multiplyBy(x: usize, factor: f32, count: i32, out: usize): void {
  const factors = f32x4.splat(factor)
  let i = 0
  for (; i + 4 <= count; i += 4, x += 16, out += 16) v128.store(out, f32x4.mul(v128.load(x), factors))
  for (; i < count; i++, x += 4, out += 4) store<f32>(out, load<f32>(x) * factor)
}
