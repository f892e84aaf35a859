/** The bits of a float64, read and made without logarithms, whose last digit engines may round differently. */

/** The largest finite float32. */
export const FLOAT32_MAX: number = (2 - 2 ** -23) * 2 ** 127

const float64 = new Float64Array(1)
const words = new Uint32Array(float64.buffer)
/** Which of the two words holds sign, exponent and the upper 20 mantissa bits: the second on little-endian machines. */
const high: 0 | 1 = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0

/**
 * `floor(log2(magnitude))`, exact for normal float64. Zero and subnormal float64 give -1023, which is below the
 * least exponent of every format of this package; Infinity and NaN give 1024.
 */
export function exponentOf(magnitude: number): number {
  return ((highWord(magnitude) >>> 20) & 0x7ff) - 1023
}

/** The upper 32 bits: sign, 11 bits of exponent, 20 of mantissa. */
export function highWord(value: number): number {
  float64[0] = value
  return words[high]!
}

/** `2^exponent` for -1022 .. 1023. */
export function powerOfTwo(exponent: number): number {
  words[high] = (exponent + 1023) << 20
  words[1 - high] = 0
  return float64[0]!
}

/** Whether `value` is a positive power of two, subnormal ones included. */
export function isPowerOfTwo(value: number): boolean {
  if (!(value > 0 && value < Infinity)) return false
  // 2^-1022 is the least normal float64; below it the mantissa has no leading one, so lift it first.
  float64[0] = value < 2 ** -1022 ? value * 2 ** 52 : value
  return (words[high]! & 0xfffff) === 0 && words[1 - high] === 0
}
