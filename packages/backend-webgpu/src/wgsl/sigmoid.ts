/**
 * `fn sigmoid(v: f32) -> f32`, `1 / (1 + exp(-v))` as `exp(-|v|)` has it: that never overflows, and WGSL does not say
 * what an overflow gives. NaN stays NaN where the GPU has NaN at all.
 */
export const sigmoid = `
fn sigmoid(v: f32) -> f32 {
  let e = exp(-abs(v));
  return select(1.0, e, v < 0.0) / (1.0 + e);
}
`
