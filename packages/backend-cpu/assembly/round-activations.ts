/** The policy `fp8`: activations as E4M3 in groups of 128 with power-of-two scales would hold them. */
import { Descriptor, take } from './descriptor'

const GROUP: i32 = 128

@unmanaged
export class RoundOp extends Descriptor {
  /** f32 `[rows, columns]`. */
  x: usize
  rows: i32
  columns: i32
  /** The same shape. */
  target: usize
}

export function runRound(d: RoundOp): void {
  const rowBytes = <usize>d.columns * 4
  for (let r = take(d); r < d.rows; r = take(d)) {
    const at = rowBytes * r
    for (let begin = 0; begin < d.columns; begin += GROUP) {
      const offset = at + <usize>begin * 4
      roundGroup(d.x + offset, min(GROUP, d.columns - begin), d.target + offset)
    }
  }
}

/** `scale = max(amax, 1e-4) / 448` up to a power of two; each value to the nearest E4M3 times the scale, ties to even. */
function roundGroup(x: usize, count: i32, target: usize): void {
  let top: f32 = 0
  for (let i: usize = 0; i < <usize>count * 4; i += 4) {
    const magnitude = abs(load<f32>(x + i))
    // Like `max`, which a NaN passes through.
    top = max<f32>(top, magnitude)
  }
  const scale = powerOfTwoScale(top)
  for (let i: usize = 0; i < <usize>count * 4; i += 4) {
    store<f32>(target + i, roundE4m3(load<f32>(x + i) / scale) * scale)
  }
}

/** The least power of two not below `max(top, 1e-4) / 448`, computed in float64 as fp8-core does. */
export function powerOfTwoScale(top: f32): f32 {
  const ratio = max<f64>(<f64>top, 1e-4) / 448
  const bits = reinterpret<i64>(ratio)
  const exponent = <i32>((bits >> 52) & 0x7ff) - 1023
  const up = (bits & 0xfffffffffffff) != 0 ? exponent + 1 : exponent
  if (up > 127) return reinterpret<f32>(0x7f800000)
  return reinterpret<f32>((up + 127) << 23)
}

/** The nearest E4M3 value, ties to even, at most 448 in size. */
function roundE4m3(y: f32): f32 {
  const magnitude = abs(y)
  if (magnitude != magnitude) return y
  if (magnitude >= 448) return copysign<f32>(448, y)
  // Below 2^-6 values are 2^-9 apart: adding 1.5 * 2^14 leaves the sum no finer bits.
  if (magnitude < 0.015625) return copysign<f32>(magnitude + 24576 - 24576, y)
  const bits = reinterpret<u32>(magnitude)
  const even = bits + 0x7ffff + ((bits >> 20) & 1)
  return copysign<f32>(min<f32>(reinterpret<f32>(even & 0xfff00000), 448), y)
}
