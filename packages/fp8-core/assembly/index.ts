/**
 * Bulk encoding of float32 to formats of at most 8 bits with sign, exponent and mantissa fields; ties to even,
 * saturating. Written once: what differs between formats is a parameter, see `src/bulk/simd-format.ts`.
 *
 * With m mantissa bits and 2^E the power of two below |x|, or that of the least normal value if it is larger, values
 * beside x lie 2^(E - m) apart. Adding 1.5 * 2^(E + 23 - m), whose float32 neighbours lie as far apart, rounds x to
 * them, as any float32 addition to nearest, ties to even; the sum's bits less those of the addend are the integer
 *   q = x / 2^(E - m), rounded,  |q| <= 2^(m + 1),
 * and the code's magnitude is |q| + ((E - Emin) << m), for normal and for subnormal numbers, also when |q| has rounded
 * up to the next power of two.
 */

/** The bench: up to 8192 float32, then as many codes. `src/bulk/simd.ts` has the same numbers. */
const floats: usize = 1024
const codes: usize = floats + 4 * 8192

/**
 * Encodes `count` float32 on the bench, a multiple of 16, to bytes.
 *
 * Constants that V8 would build anew in each turn come from outside: `exponentMask` = 0x7f800000 and
 * `addend` = ((23 - m) << 23) | (1 << 22), what makes 1.5 * 2^(E + 23 - m) of the bits of 2^E.
 *
 * @param least bits of the least normal value, a power of two
 * @param largest code that larger ones become
 * @param sign bit of the code
 * @param unsigned code that has no sign: 0 where there is one zero, 255 where there are two
 * @returns largest exponent field of a float32 seen. Above 231 + m the sum has left float32, and codes may be wrong.
 */
export function encode(
  count: i32,
  mantissaBits: i32,
  exponentMask: i32,
  addend: i32,
  least: i32,
  largest: i32,
  sign: i32,
  unsigned: i32,
): i32 {
  // Each with its own loop, in which the shifts are constants.
  switch (mantissaBits) {
    case 1:
      return encodeBy(1, count, exponentMask, addend, least, largest, sign, unsigned)
    case 2:
      return encodeBy(2, count, exponentMask, addend, least, largest, sign, unsigned)
    case 3:
      return encodeBy(3, count, exponentMask, addend, least, largest, sign, unsigned)
    default:
      return encodeBy(4, count, exponentMask, addend, least, largest, sign, unsigned)
  }
}

// @ts-ignore: decorator
@inline
function encodeBy(
  m: i32,
  count: i32,
  exponentMask: i32,
  addend: i32,
  least: i32,
  largest: i32,
  sign: i32,
  unsigned: i32,
): i32 {
  const mask = i32x4.splat(exponentMask)
  const addends = i32x4.splat(addend)
  const leasts = i32x4.splat(least)
  const biases = i16x8.splat(<i16>((least >>> 23) << m))
  const limits = i8x16.splat(<i8>largest)
  const signs = i8x16.splat(<i8>sign)
  const unsigneds = i8x16.splat(<i8>unsigned)
  const zero = i8x16.splat(0)
  let seen = zero
  const end = floats + (<usize>count << 2)
  for (let from = floats, to = codes; from < end; from += 64, to += 16) {
    const x0 = v128.load(from)
    const x1 = v128.load(from, 16)
    const x2 = v128.load(from, 32)
    const x3 = v128.load(from, 48)
    const e0 = i32x4.max_s(v128.and(x0, mask), leasts)
    const e1 = i32x4.max_s(v128.and(x1, mask), leasts)
    const e2 = i32x4.max_s(v128.and(x2, mask), leasts)
    const e3 = i32x4.max_s(v128.and(x3, mask), leasts)
    // (E + 127) << m and q, as 16-bit integers. Saturation is for what is out of range anyway.
    const e01 = i16x8.narrow_i32x4_s(i32x4.shr_u(e0, 23 - m), i32x4.shr_u(e1, 23 - m))
    const e23 = i16x8.narrow_i32x4_s(i32x4.shr_u(e2, 23 - m), i32x4.shr_u(e3, 23 - m))
    const q01 = i16x8.narrow_i32x4_s(steps(x0, i32x4.add(e0, addends)), steps(x1, i32x4.add(e1, addends)))
    const q23 = i16x8.narrow_i32x4_s(steps(x2, i32x4.add(e2, addends)), steps(x3, i32x4.add(e3, addends)))
    seen = i16x8.max_s(seen, i16x8.max_s(e01, e23))
    const magnitude = i8x16.min_u(
      limits,
      i8x16.narrow_i16x8_u(
        i16x8.add(i16x8.abs(q01), i16x8.sub(e01, biases)),
        i16x8.add(i16x8.abs(q23), i16x8.sub(e23, biases)),
      ),
    )
    // Narrowing as signed integers keeps the sign, also that of -0: as an integer it is the least.
    const narrow = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(x0, x1), i16x8.narrow_i32x4_s(x2, x3))
    const negative = v128.and(i8x16.lt_s(narrow, zero), signs)
    v128.store(to, v128.or(magnitude, v128.andnot(negative, i8x16.eq(magnitude, unsigneds))))
  }
  seen = i16x8.max_s(seen, v128.shuffle<i64>(seen, seen, 1, 0))
  seen = i16x8.max_s(seen, v128.shuffle<i32>(seen, seen, 1, 0, 3, 2))
  return max(<i32>i16x8.extract_lane_s(seen, 0), <i32>i16x8.extract_lane_s(seen, 1)) >> m
}

/** q of the formula above. */
// @ts-ignore: decorator
@inline
function steps(x: v128, addend: v128): v128 {
  return i32x4.sub(f32x4.add(x, addend), addend)
}

/** Divides `count` float32 on the bench, rounded up to a multiple of 4, in place. */
export function divide(count: i32, divisor: f32): void {
  const divisors = f32x4.splat(divisor)
  const end = floats + (<usize>count << 2)
  for (let at = floats; at < end; at += 16) v128.store(at, f32x4.div(v128.load(at), divisors))
}

/** Multiplies `count` float32 on the bench, rounded up to a multiple of 4, in place. */
export function multiply(count: i32, factor: f32): void {
  const factors = f32x4.splat(factor)
  const end = floats + (<usize>count << 2)
  for (let at = floats; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), factors))
}

/**
 * The largest magnitude of `count` float32 on the bench, a multiple of 4, as its bits; that is above 0x7f800000 if there
 * is a NaN.
 */
export function largestMagnitude(count: i32): i32 {
  const mask = i32x4.splat(0x7fffffff)
  let most = i32x4.splat(0)
  const end = floats + (<usize>count << 2)
  for (let at = floats; at < end; at += 16) most = i32x4.max_s(most, v128.and(v128.load(at), mask))
  most = i32x4.max_s(most, v128.shuffle<i64>(most, most, 1, 0))
  return max(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 1))
}
