/** `out += factor * x` over `count` f32: one expert's share of a token. */
export function addScaled(x: usize, factor: f32, count: i32, out: usize): void {
  const factors = f32x4.splat(factor)
  let i = 0
  for (; i + 4 <= count; i += 4, x += 16, out += 16) {
    v128.store(out, f32x4.add(v128.load(out), f32x4.mul(factors, v128.load(x))))
  }
  for (; i < count; i++, x += 4, out += 4) store<f32>(out, load<f32>(out) + factor * load<f32>(x))
}
