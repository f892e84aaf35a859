/** WGSL that rounds the bits of an f32 to fewer, to nearest even, in integers: a GPU may round floats as it likes. */

/** `fn encode(bits: u32) -> u32`: bf16; overflow becomes Infinity, NaN 0x7fc0. */
export const encodeBf16 = `
fn encode(bits: u32) -> u32 {
  if ((bits & 0x7fffffffu) > 0x7f800000u) { return 0x7fc0u; }
  return (bits + 0x7fffu + ((bits >> 16u) & 1u)) >> 16u;
}
`

/** `value >> shift` to nearest even, shift in 1 .. 24; 0 for more. */
const shiftRounded = `
fn shift_rounded(value: u32, shift: u32) -> u32 {
  if (shift > 24u) { return 0u; }
  let odd = (value >> shift) & 1u;
  return (value + (1u << (shift - 1u)) - 1u + odd) >> shift;
}
`

/**
 * `fn encode(bits: u32) -> u32`: f16; beyond 65504 it is 65504 with the sign, NaN 0x7e00. The exponent of an f32 is biased by
 * 112 more; below 2^-14 values are multiples of 2^-24: the mantissa with its hidden bit, shifted.
 */
export const encodeF16: string = `${shiftRounded}
fn encode(bits: u32) -> u32 {
  let sign = (bits >> 16u) & 0x8000u;
  let magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) { return 0x7e00u; }
  if (magnitude >= 0x477fe000u) { return sign | 0x7bffu; }
  if (magnitude < 0x38800000u) {
    return sign | shift_rounded((magnitude & 0x7fffffu) | 0x800000u, 126u - min(126u, magnitude >> 23u));
  }
  return sign | shift_rounded(magnitude - 0x38000000u, 13u);
}
`

/**
 * `fn encode(bits: u32, exponent: i32) -> u32`: E4M3 of a finite f32 divided by `2^exponent`, exponent >= -22, whose magnitude
 * is then at most 448. The exponent of an f32 is biased by 120 more; below 2^-6 values are multiples of 2^-9.
 */
export const encodeE4m3: string = `${shiftRounded}
fn encode(bits: u32, exponent: i32) -> u32 {
  let sign = (bits >> 24u) & 0x80u;
  let magnitude = bits & 0x7fffffffu;
  let field = i32(magnitude >> 23u) - exponent;
  // Below 2^-10, half of the least value.
  if (field < 117) { return sign; }
  let mantissa = magnitude & 0x7fffffu;
  if (field < 121) { return sign | shift_rounded(mantissa | 0x800000u, u32(141 - field)); }
  return sign | shift_rounded((u32(field - 120) << 23u) | mantissa, 20u);
}
`
