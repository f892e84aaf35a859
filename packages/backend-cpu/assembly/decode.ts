/**
 * Stored numbers to f32, exactly: every code of E4M3, E5M2, f16 and bf16, subnormals and NaN included.
 *
 * A code's exponent and mantissa are put where f32 keeps them and the exponent's bias is corrected by an
 * integer addition. That is right for normal codes. With smallest normal number `c` of the format, a
 * subnormal code comes out as `f = c/2 (1 + m)` but stands for `c m = 2f - c`; for normal codes
 * `f >= c`, so `2f - c >= f`: `min(f, 2f - c)` is right for both. (The shorter way, to multiply by a power
 * of two without correcting the exponent, reads f32 subnormals: 25 times slower on some processors.)
 */

/**
 * Constants of the E4M3 kernels, 16 bytes each. V8 builds a v128 constant anew wherever it is used, also in
 * a loop (measured: the product with a vector was a third slower), so loops load theirs once from here.
 */
const E4M3 = memory.data<u16>(
  [
    0x7f7f, 0x7f7f, 0x7f7f, 0x7f7f, 0x7f7f, 0x7f7f, 0x7f7f, 0x7f7f,
    0x0808, 0x0808, 0x0808, 0x0808, 0x0808, 0x0808, 0x0808, 0x0808,
    0x87f0, 0x87f0, 0x87f0, 0x87f0, 0x87f0, 0x87f0, 0x87f0, 0x87f0,
    0x3c00, 0x3c00, 0x3c00, 0x3c00, 0x3c00, 0x3c00, 0x3c00, 0x3c00,
  ],
  16,
)
/** The bits of a code's magnitude, in bytes. */
// @ts-ignore: decorator
@inline
export function magnitudeBits(): v128 {
  return v128.load(E4M3)
}
/** The smallest magnitude of a normal code, in bytes. */
// @ts-ignore: decorator
@inline
export function firstNormal(): v128 {
  return v128.load(E4M3, 16)
}
/** Where bf16 keeps a code's sign, exponent and mantissa. */
// @ts-ignore: decorator
@inline
export function placeBits(): v128 {
  return v128.load(E4M3, 32)
}
/** The difference of the exponents' biases, 127 - 7, in bf16. */
// @ts-ignore: decorator
@inline
export function biasBits(): v128 {
  return v128.load(E4M3, 48)
}

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
 * Whether all codes are normal numbers, from their smallest and largest magnitudes by byte: subnormals and
 * zero are below 8, NaN is 0x7f, and only their distance to either end is a negative byte.
 */
// @ts-ignore: decorator
@inline
export function allNormal(low: v128, high: v128, first: v128): bool {
  return i8x16.bitmask(v128.or(i8x16.sub(low, first), i8x16.sub(high, i8x16.splat(-1)))) == 0
}

/** bf16 bits of E4M3 codes 0..7 of 16, as if normal; `place` and `bias` as above. */
// @ts-ignore: decorator
@inline
export function lowE4m3(codes: v128, place: v128, bias: v128): v128 {
  return e4m3ToBf16(lowBytes(codes), place, bias)
}

/** bf16 bits of E4M3 codes 8..15 of 16, as if normal. */
// @ts-ignore: decorator
@inline
export function highE4m3(codes: v128, place: v128, bias: v128): v128 {
  return e4m3ToBf16(highBytes(codes), place, bias)
}

/** Codes `s eeee mmm` in the upper bytes of 16-bit lanes. The shift leaves copies of the sign, which `place` removes. */
// @ts-ignore: decorator
@inline
function e4m3ToBf16(upper: v128, place: v128, bias: v128): v128 {
  return i16x8.add(v128.and(i16x8.shr_s(upper, 4), place), bias)
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
