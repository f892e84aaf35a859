/**
 * Dyadic rationals, `significand * 2^exponent`: what every finite float64, and so every finite value of every
 * format, is. Differences of them are exact, where float64 subtraction would round.
 */
import { NotFiniteError } from './errors.ts'

/** `significand` is odd, or 0 with exponent 0, so that equal numbers have equal fields. */
export interface Dyadic {
  readonly significand: bigint
  readonly exponent: number
}

const bytes = new DataView(new ArrayBuffer(8))

/** @throws {NotFiniteError} for NaN and infinities. -0 is 0 here: dyadic rationals have one zero. */
export function toDyadic(value: number): Dyadic {
  if (!Number.isFinite(value)) throw new NotFiniteError({ value })
  bytes.setFloat64(0, value)
  const bits = bytes.getBigUint64(0)
  const exponent = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xf_ffff_ffff_ffffn
  // The exponent field 0 holds the subnormals: no leading one, and the exponent of field 1.
  const magnitude = exponent === 0 ? fraction : fraction | (1n << 52n)
  return normal(value < 0 ? -magnitude : magnitude, Math.max(exponent, 1) - 1075)
}

/** `left - right`, exact. */
export function subtract(left: Dyadic, right: Dyadic): Dyadic {
  const exponent = Math.min(left.exponent, right.exponent)
  return normal(at(left, exponent) - at(right, exponent), exponent)
}

/** The integer `n` with `n * 2^exponent` = dyadic; `exponent` is not above the dyadic's. */
function at({ significand, exponent: own }: Dyadic, exponent: number): bigint {
  return significand << BigInt(own - exponent)
}

function normal(significand: bigint, exponent: number): Dyadic {
  if (significand === 0n) return { significand, exponent: 0 }
  let [odd, power] = [significand, exponent]
  while (odd % 2n === 0n) {
    odd /= 2n
    power++
  }
  return { significand: odd, exponent: power }
}
