/** Root-mean-square norm: see `RmsNormArgs` of the contract. */
import { add } from './add'
import { dot } from './vector'

/**
 * `tokens` rows of `hidden`. `residual = 0`: there is none. `weight` is f32 `[hidden]`. `out` may be `x`.
 */
export function rmsNorm(
  x: usize, residual: usize, weight: usize, epsilon: f32, tokens: i32, hidden: i32, out: usize,
): void {
  const rowBytes = <usize>hidden * 4
  for (let t = 0; t < tokens; t++, x += rowBytes, out += rowBytes) {
    let source = x
    if (residual != 0) {
      add(residual, x, hidden, residual)
      source = residual
      residual += rowBytes
    }
    normRow(source, weight, epsilon, hidden, out)
  }
}

/** `out[i] = weight[i] * x[i] / sqrt(mean(x^2) + epsilon)`. */
export function normRow(x: usize, weight: usize, epsilon: f32, count: i32, out: usize): void {
  const factor: f32 = <f32>1 / sqrt<f32>(dot(x, x, count) / <f32>count + epsilon)
  const factors = f32x4.splat(factor)
  let i = 0
  for (; i + 4 <= count; i += 4, x += 16, weight += 16, out += 16) {
    v128.store(out, f32x4.mul(v128.load(weight), f32x4.mul(v128.load(x), factors)))
  }
  for (; i < count; i++, x += 4, weight += 4, out += 4) {
    store<f32>(out, load<f32>(weight) * (load<f32>(x) * factor))
  }
}
