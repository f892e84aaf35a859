/**
 * HiFloat8 (arXiv 2409.16626): `S (1) | Dot (2-4, prefix code) | E (D bits) | M (rest)`. The dot field says how many
 * exponent bits follow, so that exponents near 0 leave three bits for the mantissa and those near +-15 one.
 */

/** For a magnitude code from `from` on: bits of the dot field and of the exponent. */
const ranges: readonly { readonly from: number; readonly dotBits: number; readonly exponentBits: number }[] =
  [
    { from: 0x60, dotBits: 2, exponentBits: 4 },
    { from: 0x40, dotBits: 2, exponentBits: 3 },
    { from: 0x20, dotBits: 2, exponentBits: 2 },
    { from: 0x10, dotBits: 3, exponentBits: 1 },
    { from: 0x08, dotBits: 4, exponentBits: 0 },
  ]

/** Widths of the fields of a magnitude code 0 .. 127; their sum is 7. Codes below 8 are powers of two ("denormal"). */
export function hif8Fields(magnitude: number): { dot: number; exponent: number; mantissa: number } {
  const range = ranges.find(({ from }) => magnitude >= from)
  if (range === undefined) return { dot: 4, exponent: 0, mantissa: 3 }
  const { dotBits: dot, exponentBits: exponent } = range
  return { dot, exponent, mantissa: 7 - dot - exponent }
}

/** The value of a magnitude code, as if neither NaN nor infinity took codes away. */
export function hif8Magnitude(magnitude: number): number {
  if (magnitude < 8) return magnitude === 0 ? 0 : 2 ** (magnitude - 23)
  const { exponent: width, mantissa: mantissaBits } = hif8Fields(magnitude)
  const steps = 2 ** mantissaBits
  const significand = 1 + (magnitude % steps) / steps
  if (width === 0) return significand
  // Sign and magnitude, the leading 1 of the magnitude not stored.
  const field = Math.floor(magnitude / steps) % 2 ** width
  const leading = 2 ** (width - 1)
  return significand * 2 ** (field < leading ? leading + field : -field)
}

const float32 = new Float32Array(1)
const word = new Uint32Array(float32.buffer)

/**
 * Hybrid rounding of a float32 magnitude between two neighbours: to the nearest, ties away, where three mantissa bits
 * are kept (2^-3 .. 16); elsewhere "simplified stochastic rounding", which takes the low 14 bits of the float32
 * as the random number to compare the top 14 discarded bits with. Deterministic, no random source.
 */
export function roundsAwayHybrid(magnitude: number, lower: number, upper: number): boolean {
  float32[0] = magnitude
  const exponent = (word[0]! >>> 23) - 127
  if (Math.abs(exponent) < 4) return magnitude - lower >= upper - magnitude
  const mantissa = word[0]! & 0x7fffff
  const threshold = mantissa & 0x3fff
  if (exponent < -23) return false
  // Between 0 and 2^-22 the leading 1 is a discarded bit as well.
  if (exponent === -23) return (mantissa >>> 10) + 8192 >= threshold
  const kept = exponent < -15 ? 0 : Math.abs(exponent) < 8 ? 2 : 1
  return (mantissa & (2 ** (23 - kept) - 1)) >>> (23 - kept - 14) >= threshold
}
