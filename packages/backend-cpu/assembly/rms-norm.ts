/** Root-mean-square norm: see `RmsNormArgs` of the contract. */
import { add } from './add'
import { thread } from './control'
import { decode, Kind } from './decode-run'
import { Descriptor, take } from './descriptor'
import { dot } from './vector'

@unmanaged
export class RmsNormOp extends Descriptor {
  x: usize
  /** 0: there is none. */
  residual: usize
  kind: i32
  weight: usize
  epsilon: f32
  tokens: i32
  hidden: i32
  out: usize
  /** Scratch of each thread, `hidden` f32, and its size. */
  panel: usize
  panelBytes: usize
}

export function runRmsNorm(d: RmsNormOp): void {
  const rowBytes = <usize>d.hidden * 4
  const panel = d.panel + d.panelBytes * <usize>thread
  let weight: usize = 0
  for (let t = take(d); t < d.tokens; t = take(d)) {
    if (!weight) weight = vectorOf(d.kind, d.weight, d.hidden, panel)
    const x = d.x + rowBytes * t
    if (d.residual) {
      const residual = d.residual + rowBytes * t
      add(residual, x, d.hidden, residual)
      normRow(residual, weight, d.epsilon, d.hidden, d.out + rowBytes * t)
    } else normRow(x, weight, d.epsilon, d.hidden, d.out + rowBytes * t)
  }
}

/** Address of `count` stored elements as f32: their own, or that of `copy`, which they are decoded to. */
export function vectorOf(kind: i32, source: usize, count: i32, copy: usize): usize {
  if (kind == Kind.F32) return source
  decode(kind, source, count, 1, copy)
  return copy
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
