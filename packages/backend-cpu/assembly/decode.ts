/**
 * Stored numbers to f32, exactly: every code of E4M3, E5M2, f16 and bf16, subnormals and NaN included.
 *
 * A code's exponent and mantissa are put where f32 keeps them and the exponent's bias is corrected by an
 * integer addition. That is right for normal codes. With smallest normal number `c` of the format, a
 * subnormal code comes out as `f = c/2 (1 + m)` but stands for `c m = 2f - c`; for normal codes
 * `f >= c`, so `2f - c >= f`: `min(f, 2f - c)` is right for both. (The shorter way, to multiply by a power
 * of two without correcting the exponent, reads f32 subnormals: 25 times slower on some processors.)
 */

const SIGN: u32 = 0x80000000
const EXPONENT: u32 = 0x7f800000

/**
 * Corrects subnormal, infinite and NaN codes in `f`, four numbers decoded as if they were normal.
 * `smallest`: smallest normal number. `limit`: what the first code that is not finite decodes to; its
 * mantissa (and those after it) tells Infinity (0) from NaN once the exponent bits are all set.
 */
// @ts-ignore: decorator
@inline
function correct(f: v128, smallest: f32, limit: f32): v128 {
  const magnitude = f32x4.abs(f)
  const finite = f32x4.pmin(magnitude, f32x4.sub(f32x4.add(magnitude, magnitude), f32x4.splat(smallest)))
  const special = v128.and(f32x4.ge(magnitude, f32x4.splat(limit)), i32x4.splat(EXPONENT))
  return v128.or(v128.or(finite, special), v128.and(f, i32x4.splat(SIGN)))
}

/** Four E4M3 codes: the smallest normal number is 2^-6, the NaN code 0x7f looks like 480. */
// @ts-ignore: decorator
@inline
export function correctE4m3(f: v128): v128 {
  return correct(f, 0.015625, 480)
}

/** Four f16 (or E5M2) codes: the smallest normal number is 2^-14, Infinity looks like 2^16. */
// @ts-ignore: decorator
@inline
function correctF16(f: v128): v128 {
  return correct(f, 0.00006103515625, 65536)
}

/**
 * Negative bytes where an E4M3 code of `low .. high` (smallest and largest magnitudes, sign bit removed)
 * needs `correctE4m3`: subnormals and zero are below 8, NaN is 0x7f.
 */
// @ts-ignore: decorator
@inline
export function specialE4m3(low: v128, high: v128): v128 {
  return v128.or(i8x16.sub(low, i8x16.splat(8)), i8x16.add(high, i8x16.splat(1)))
}

/** The code's bits `s eeee mmm` in the upper byte of each 16-bit lane become bf16 bits of a normal number. */
// @ts-ignore: decorator
@inline
function e4m3ToBf16(upper: v128): v128 {
  // The arithmetic shift leaves copies of the sign in bits 11..14 and the lower byte's bits in 0..3.
  const placed = v128.and(i16x8.shr_s(upper, 4), i16x8.splat(<i16>0x87f0))
  return i16x8.add(placed, i16x8.splat(120 << 7))
}

/** bf16 bits of E4M3 codes 0..7 of 16, as if normal. */
// @ts-ignore: decorator
@inline
export function lowE4m3(codes: v128): v128 {
  return e4m3ToBf16(lowBytes(codes))
}

/** bf16 bits of E4M3 codes 8..15 of 16, as if normal. */
// @ts-ignore: decorator
@inline
export function highE4m3(codes: v128): v128 {
  return e4m3ToBf16(highBytes(codes))
}

/** bf16 0..3 of 8 as f32: zero bits below. */
// @ts-ignore: decorator
@inline
export function lowBf16(v: v128): v128 {
  return v128.shuffle<u16>(i32x4.splat(0), v, 0, 8, 1, 9, 2, 10, 3, 11)
}

/** bf16 4..7 of 8 as f32. */
// @ts-ignore: decorator
@inline
export function highBf16(v: v128): v128 {
  return v128.shuffle<u16>(i32x4.splat(0), v, 4, 12, 5, 13, 6, 14, 7, 15)
}

/** Bytes 0..7 of 16, each in the upper half of a 16-bit lane: `code << 8`, which makes E5M2 an f16. */
// @ts-ignore: decorator
@inline
export function lowBytes(v: v128): v128 {
  return v128.shuffle<u8>(i32x4.splat(0), v, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
}

/** Bytes 8..15 of 16, as above. */
// @ts-ignore: decorator
@inline
export function highBytes(v: v128): v128 {
  return v128.shuffle<u8>(i32x4.splat(0), v, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
}

/** Four f16, in the lower halves of 32-bit lanes, sign-extended. */
// @ts-ignore: decorator
@inline
export function f16ToF32(extended: v128): v128 {
  const placed = v128.and(i32x4.shl(extended, 13), i32x4.splat(0x8fffe000))
  return correctF16(i32x4.add(placed, i32x4.splat(112 << 23)))
}
