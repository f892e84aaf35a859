import { Descriptor, take } from './descriptor'
import { exp } from './exp'

@unmanaged
export class SiluMulOp extends Descriptor {
  gate: usize
  up: usize
  count: i32
  out: usize
}

export function runSiluMul(d: SiluMulOp): void {
  for (let i = take(d) * GRAIN; i < d.count; i = take(d) * GRAIN) {
    const at = <usize>i * 4
    siluMul(d.gate + at, d.up + at, min(GRAIN, d.count - i), d.out + at)
  }
}

/** Elements of one task. */
const GRAIN: i32 = 2048

/** `out = silu(gate) * up`, `silu(v) = v / (1 + e^-v)`. `out` may be `gate` or `up`. */
export function siluMul(gate: usize, up: usize, count: i32, out: usize): void {
  let i = 0
  for (; i + 4 <= count; i += 4, gate += 16, up += 16, out += 16) {
    v128.store(out, f32x4.mul(silu(v128.load(gate)), v128.load(up)))
  }
  for (; i < count; i++, gate += 4, up += 4, out += 4) {
    store<f32>(out, f32x4.extract_lane(silu(v128.load_splat<f32>(gate)), 0) * load<f32>(up))
  }
}

function silu(v: v128): v128 {
  return f32x4.div(v, f32x4.add(f32x4.splat(1), exp(f32x4.neg(v))))
}
