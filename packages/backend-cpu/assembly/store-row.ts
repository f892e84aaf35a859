/**
 * f32 to fewer bits, to nearest even, four at a time. Counts are even, of E4M3 multiples of four; a vector may be read
 * beyond the values, which memory allows.
 */
import { powerOfTwoScale } from './round-activations'

/** `count` bf16; overflow becomes Infinity, NaN 0x7fc0. */
export function storeBf16(values: usize, count: i32, target: usize): void {
  for (let i = 0; i < count; i += 4, values += 16, target += 8) {
    const v = v128.load(values)
    const odd = v128.and(i32x4.shr_u(v, 16), i32x4.splat(1))
    const rounded = i32x4.shr_u(i32x4.add(v, i32x4.add(odd, i32x4.splat(0x7fff))), 16)
    store4(v128.bitselect(i32x4.splat(0x7fc0), rounded, f32x4.ne(v, v)), count - i, target)
  }
}

/** `count` f16; beyond 65504 it is 65504 with the sign, NaN 0x7e00. */
export function storeF16(values: usize, count: i32, target: usize): void {
  for (let i = 0; i < count; i += 4, values += 16, target += 8) {
    const v = v128.load(values)
    const m = f32x4.pmin(f32x4.splat(65504), f32x4.abs(v))
    const odd = v128.and(i32x4.shr_u(m, 13), i32x4.splat(1))
    // Exponents of f32 are biased by 112 more.
    const normal = i32x4.sub(i32x4.shr_u(i32x4.add(m, i32x4.add(odd, i32x4.splat(0xfff))), 13), i32x4.splat(112 << 10))
    // Below 2^-14 numbers are 2^-24 apart, as f32 from 0.5 on: the sum's mantissa counts them.
    const tiny = i32x4.sub(f32x4.add(m, f32x4.splat(0.5)), i32x4.splat(0x3f000000))
    const finite = v128.bitselect(tiny, normal, f32x4.lt(m, f32x4.splat(0.00006103515625)))
    const sign = v128.and(i32x4.shr_u(v, 16), i32x4.splat(0x8000))
    store4(v128.bitselect(i32x4.splat(0x7e00), v128.or(finite, sign), f32x4.ne(v, v)), count - i, target)
  }
}

/** Four 16-bit codes in 32-bit lanes; the first two where only two are left. */
// @ts-ignore: decorator
@inline
function store4(codes: v128, left: i32, target: usize): void {
  const packed = v128.shuffle<u16>(codes, codes, 0, 2, 4, 6, 0, 2, 4, 6)
  if (left >= 4) v128.store64_lane(target, packed, 0)
  else v128.store32_lane(target, packed, 0)
}

/**
 * A group of `count` E4M3 codes; returns their scale, a power of two not below `max(|values|, 1e-4) / 448`.
 * With NaN or Infinity among them the scale and all codes are NaN.
 */
export function storeE4m3(values: usize, count: i32, target: usize): f32 {
  let top4 = f32x4.splat(0)
  const end = values + <usize>count * 4
  for (let p = values; p < end; p += 16) top4 = f32x4.max(top4, f32x4.abs(v128.load(p)))
  const top = max<f32>(
    max<f32>(f32x4.extract_lane(top4, 0), f32x4.extract_lane(top4, 1)),
    max<f32>(f32x4.extract_lane(top4, 2), f32x4.extract_lane(top4, 3)),
  )
  if (!(top < Infinity)) {
    memory.fill(target, 0x7f, <usize>count)
    return NaN
  }
  const scale = powerOfTwoScale(top)
  // Exact: the scale is a power of two of 2^-22 .. 2^120.
  const inverse = f32x4.splat(1 / scale)
  for (let p = values; p < end; p += 16, target += 4) {
    const v = f32x4.mul(v128.load(p), inverse)
    const m = f32x4.abs(v)
    const odd = v128.and(i32x4.shr_u(m, 20), i32x4.splat(1))
    // Exponents of f32 are biased by 120 more.
    const normal = i32x4.sub(i32x4.shr_u(i32x4.add(m, i32x4.add(odd, i32x4.splat(0x7ffff))), 20), i32x4.splat(120 << 3))
    // Below 2^-6 numbers are 2^-9 apart, as f32 from 2^14 on.
    const tiny = i32x4.sub(f32x4.add(m, f32x4.splat(16384)), i32x4.splat(0x46800000))
    const magnitude = v128.bitselect(tiny, normal, f32x4.lt(m, f32x4.splat(0.015625)))
    const sign = v128.and(i32x4.shr_u(v, 24), i32x4.splat(0x80))
    const codes = v128.or(magnitude, sign)
    v128.store32_lane(
      target, v128.shuffle<u8>(codes, codes, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12), 0,
    )
  }
  return scale
}
