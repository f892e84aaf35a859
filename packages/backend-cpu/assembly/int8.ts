/**
 * The policy `int8`: weights and activations as 8-bit integers in blocks of 128 along a row.
 *
 * A weight block: `w = scale * code`, code in -127 .. 127, scale = max |w| / 127. An activation block, for the relaxed dot
 * product one operand of which has 7 bits: `x = low + scale * code`, code in 0 .. 127, low the least value,
 * scale = (greatest - least) / 127. The product of two blocks is `sw * sx * sum(cw * cx) + low * sw * sum(cw)`, with the
 * first sum in integers and `sw * sum(cw)` kept beside the scale.
 */
import { thread } from './control'
import { Descriptor, take } from './descriptor'
import { decodeRows, Matrix } from './matrix'

/** Columns of a block. */
export const BLOCK: i32 = 128

// @ts-ignore: decorator
@inline
export function blocksOf(columns: i32): i32 {
  return (columns + BLOCK - 1) / BLOCK
}

/** Bytes of the codes of a vector, filled up with zeros to whole v128. */
// @ts-ignore: decorator
@inline
export function codeBytes(columns: i32): usize {
  return <usize>(columns + 15) & ~15
}

/** Bytes of a quantized vector: codes, then for each block f32 `[scale, low]`; a multiple of 16. */
// @ts-ignore: decorator
@inline
export function quantizedBytes(columns: i32): usize {
  return codeBytes(columns) + ((<usize>blocksOf(columns) * 8 + 15) & ~15)
}

@unmanaged
export class QuantizeOp extends Descriptor {
  /** f32 `[rows, columns]`. */
  x: usize
  rows: i32
  columns: i32
  target: usize
}

export function runQuantize(d: QuantizeOp): void {
  const bytes = quantizedBytes(d.columns)
  for (let r = take(d); r < d.rows; r = take(d)) {
    quantizeRow(d.x + <usize>r * <usize>d.columns * 4, d.columns, d.target + bytes * r)
  }
}

/** `columns` f32 to codes and parameters. NaN and infinities make the block's parameters NaN or infinite. */
export function quantizeRow(x: usize, columns: i32, target: usize): void {
  let parameters = target + codeBytes(columns)
  // Zero codes at the end make whatever weights they meet count for nothing.
  if (columns & 15) v128.store(parameters - 16, i32x4.splat(0))
  for (let begin = 0; begin < columns; begin += BLOCK, parameters += 8) {
    const count = min(BLOCK, columns - begin)
    quantizeBlock(x + <usize>begin * 4, count, target + begin, parameters)
  }
}

function quantizeBlock(x: usize, count: i32, codes: usize, parameters: usize): void {
  const whole = x + <usize>(count & ~3) * 4
  const end = x + <usize>count * 4
  let least = v128.load_splat<f32>(x)
  let greatest = least
  let p = x
  for (; p < whole; p += 16) {
    least = f32x4.min(least, v128.load(p))
    greatest = f32x4.max(greatest, v128.load(p))
  }
  for (; p < end; p += 4) {
    least = f32x4.min(least, v128.load_splat<f32>(p))
    greatest = f32x4.max(greatest, v128.load_splat<f32>(p))
  }
  const low = min<f32>(
    min<f32>(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1)),
    min<f32>(f32x4.extract_lane(least, 2), f32x4.extract_lane(least, 3)),
  )
  const high = max<f32>(
    max<f32>(f32x4.extract_lane(greatest, 0), f32x4.extract_lane(greatest, 1)),
    max<f32>(f32x4.extract_lane(greatest, 2), f32x4.extract_lane(greatest, 3)),
  )
  const scale: f32 = (high - low) / 127
  store<f32>(parameters, scale)
  store<f32>(parameters, low, 4)
  const lows = f32x4.splat(low)
  // Equal values have scale 0 and codes 0: `low` alone says them.
  const scales = f32x4.splat(scale == 0 ? 1 : scale)
  for (p = x; p < whole; p += 16, codes += 4) {
    store<u32>(codes, i32x4.extract_lane(narrow(codesOf(v128.load(p), lows, scales)), 0))
  }
  for (; p < end; p += 4, codes++) {
    store<u8>(codes, i32x4.extract_lane(codesOf(v128.load_splat<f32>(p), lows, scales), 0))
  }
}

/** `round((x - low) / scale)` in 0 .. 127, ties to even; 0 for NaN. */
// @ts-ignore: decorator
@inline
function codesOf(x: v128, low: v128, scale: v128): v128 {
  const whole = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.div(f32x4.sub(x, low), scale)))
  return i32x4.max_s(i32x4.min_s(whole, i32x4.splat(127)), i32x4.splat(0))
}

/** Four i32 in -128 .. 127 to the first four bytes. */
// @ts-ignore: decorator
@inline
function narrow(v: v128): v128 {
  const halves = i16x8.narrow_i32x4_s(v, v)
  return i8x16.narrow_i16x8_s(halves, halves)
}

/** `total` plus products of `w`, i8, and `x`, 0 .. 127, in groups of four: the same integers in the same lanes of both modules. */
// @ts-ignore: decorator
@inline
export function dotCodes(w: v128, x: v128, total: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_dot_i8x16_i7x16_add_s(w, x, total)
  const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(w), i16x8.extend_low_i8x16_s(x))
  const high = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(w), i16x8.extend_high_i8x16_s(x))
  const even = v128.shuffle<i32>(low, high, 0, 2, 4, 6)
  const odd = v128.shuffle<i32>(low, high, 1, 3, 5, 7)
  return i32x4.add(total, i32x4.add(even, odd))
}

/** `[sum(a), sum(b), sum(c), sum(d)]`. */
// @ts-ignore: decorator
@inline
export function sum4(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 1, 4, 5), v128.shuffle<i32>(a, b, 2, 3, 6, 7))
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 1, 4, 5), v128.shuffle<i32>(c, d, 2, 3, 6, 7))
  return i32x4.add(v128.shuffle<i32>(ab, cd, 0, 2, 4, 6), v128.shuffle<i32>(ab, cd, 1, 3, 5, 7))
}

@unmanaged
export class RecodeOp extends Descriptor {
  /** What is recoded; its rows may be those of `target`. */
  source: Matrix
  rows: i32
  /** An int8 matrix; for each four rows and block its `scales` have f32 `[4]` of scales and `[4]` of scaled sums. */
  target: Matrix
  /** Scratch of each thread: a row in f32. */
  panel: usize
  panelBytes: usize
}

/** A task is four rows. */
export function runRecode(d: RecodeOp): void {
  const panel = d.panel + d.panelBytes * <usize>thread
  const target = d.target
  const columns = target.columns
  for (let r = take(d) * 4; r < d.rows; r = take(d) * 4) {
    let factors = target.scales + <usize>(r >> 2) * <usize>target.scaleColumns * 32
    for (let i = r; i < min(r + 4, d.rows); i++, factors += 4) {
      decodeRows(d.source, i, 1, panel)
      recodeRow(panel, columns, target.data + target.rowBytes * i, factors)
    }
  }
}

/** A row of f32 to codes and to one lane of its factors. */
function recodeRow(row: usize, columns: i32, codes: usize, factors: usize): void {
  for (let begin = 0; begin < columns; begin += BLOCK, factors += 32) {
    const count = min(BLOCK, columns - begin)
    let top: f32 = 0
    for (let i = 0; i < count; i++) {
      const w = abs(load<f32>(row + <usize>(begin + i) * 4))
      top = w > top || w != w ? w : top
      if (w != w) break
    }
    const scale: f32 = top / 127
    const divisor: f32 = scale == 0 ? 1 : scale
    let total = 0
    for (let i = 0; i < count; i++) {
      const code = <i32>nearest(load<f32>(row + <usize>(begin + i) * 4) / divisor)
      const bounded = min(max(code, -127), 127)
      store<i8>(codes + begin + i, <i8>bounded)
      total += bounded
    }
    store<f32>(factors, scale)
    store<f32>(factors, scale * <f32>total, 16)
  }
}
