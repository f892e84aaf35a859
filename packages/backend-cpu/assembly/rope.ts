/** Rotary embedding in place: see `RopeArgs` of the contract. */
import { Descriptor, take } from './descriptor'
import { IndexTensor, inRange } from './indices'

@unmanaged
export class RopeOp extends Descriptor {
  x: usize
  tokens: i32
  heads: i32
  headDim: i32
  halfDim: i32
  /** 1: pairs in halves; 0: interleaved. */
  halves: i32
  positions: usize
  table: usize
  maxPositions: i32
}

/** The last `2 * halfDim` values of each head of `x`, f32 `[tokens, heads, headDim]`. */
export function runRope(d: RopeOp): void {
  if (!inRange(d.op, IndexTensor.POSITIONS, d.positions, d.tokens, d.maxPositions)) return
  const headBytes = <usize>d.headDim * 4
  for (let t = take(d); t < d.tokens; t = take(d)) {
    const angles = d.table + <usize>load<i32>(d.positions + <usize>t * 4) * <usize>d.halfDim * 8
    let x = d.x + <usize>t * <usize>d.heads * headBytes + <usize>(d.headDim - 2 * d.halfDim) * 4
    for (let h = 0; h < d.heads; h++, x += headBytes) {
      if (d.halves) rotateHalves(x, angles, d.halfDim)
      else rotate(x, angles, d.halfDim)
    }
  }
}

/**
 * `halfDim` interleaved pairs `(a, b)` at `x`, with `(cos, sin)` pairs at `angles`:
 * two pairs at once are `[a0 b0 a1 b1] * [c0 c0 c1 c1] + [b0 a0 b1 a1] * [-s0 s0 -s1 s1]`.
 */
export function rotate(x: usize, angles: usize, halfDim: i32): void {
  const signs = f32x4(-1, 1, -1, 1)
  let i = 0
  for (; i + 2 <= halfDim; i += 2, x += 16, angles += 16) {
    const pairs = v128.load(x)
    const angle = v128.load(angles)
    const swapped = v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2)
    const cos = v128.shuffle<f32>(angle, angle, 0, 0, 2, 2)
    const sin = v128.shuffle<f32>(angle, angle, 1, 1, 3, 3)
    v128.store(x, f32x4.add(f32x4.mul(pairs, cos), f32x4.mul(swapped, f32x4.mul(sin, signs))))
  }
  if (i < halfDim) {
    const a = load<f32>(x)
    const b = load<f32>(x, 4)
    const cos = load<f32>(angles)
    const sin = load<f32>(angles, 4)
    store<f32>(x, a * cos - b * sin)
    store<f32>(x, a * sin + b * cos, 4)
  }
}

/** Pairs `(x[i], x[halfDim + i])`: four at once, cosines and sines taken apart from `[c0 s0 c1 s1] [c2 s2 c3 s3]`. */
function rotateHalves(x: usize, angles: usize, halfDim: i32): void {
  let second = x + <usize>halfDim * 4
  let i = 0
  for (; i + 4 <= halfDim; i += 4, x += 16, second += 16, angles += 32) {
    const low = v128.load(angles)
    const high = v128.load(angles, 16)
    const cos = v128.shuffle<f32>(low, high, 0, 2, 4, 6)
    const sin = v128.shuffle<f32>(low, high, 1, 3, 5, 7)
    const a = v128.load(x)
    const b = v128.load(second)
    v128.store(x, f32x4.sub(f32x4.mul(a, cos), f32x4.mul(b, sin)))
    v128.store(second, f32x4.add(f32x4.mul(a, sin), f32x4.mul(b, cos)))
  }
  for (; i < halfDim; i++, x += 4, second += 4, angles += 8) {
    const a = load<f32>(x)
    const b = load<f32>(second)
    const cos = load<f32>(angles)
    const sin = load<f32>(angles, 4)
    store<f32>(x, a * cos - b * sin)
    store<f32>(second, a * sin + b * cos)
  }
}
