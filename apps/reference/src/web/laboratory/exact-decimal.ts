/** Numbers as decimals without rounding: a dyadic rational always has a finite decimal expansion. */
import { type Dyadic, toDyadic } from './dyadic.ts'
import { minus, superscript } from './number-text.ts'

/**
 * All digits: with a negative exponent `s * 2^-k = s * 5^k / 10^k`, so k digits stand behind the point. As the
 * significand is odd, the last of them is not 0. ASCII, and JavaScript's `Number` reads it back.
 */
export function dyadicDecimal({ significand, exponent }: Dyadic): string {
  if (exponent >= 0) return (significand << BigInt(exponent)).toString()
  const negative = significand < 0n
  const scaled = (negative ? -significand : significand) * 5n ** BigInt(-exponent)
  const digits = scaled.toString().padStart(1 - exponent, '0')
  return `${negative ? '-' : ''}${digits.slice(0, exponent)}.${digits.slice(exponent)}`
}

/** All digits of a float64; `-0`, `NaN`, `Infinity` and `-Infinity` by these names. */
export function exactDecimal(value: number): string {
  if (Object.is(value, -0)) return '-0'
  return Number.isFinite(value) ? dyadicDecimal(toDyadic(value)) : String(value)
}

/** How many digits a decimal has from the first that is not 0 on; 1 for zero. */
export function countDigits(decimal: string): number {
  return Math.max(decimal.replace(/[-.]/g, '').replace(/^0+/, '').length, 1)
}

/** A decimal this much longer than the digits kept is short enough to stay whole: sign, point and some zeros. */
const slack = 6

/**
 * A decimal for a line of text: whole when it is short, else its first significant digits and `…`. They are cut, not
 * rounded, so that every digit shown is a digit of the number. Very large and small ones as `1.2345…×10⁻⁴¹`.
 *
 * @param decimal as {@link exactDecimal} makes it.
 * @param kept significant digits of one that is cut.
 */
export function shortDecimal(decimal: string, kept: number = 16): string {
  if (decimal === 'NaN') return decimal
  if (decimal.endsWith('Infinity')) return minus(decimal.replace('Infinity', '∞'))
  if (decimal.length <= kept + slack) return minus(decimal)
  const sign = decimal.startsWith('-') ? '−' : ''
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.')
  const digits = (whole + fraction).replace(/^0+/, '')
  // The power of ten of the first significant digit.
  const power = whole === '0' ? digits.length - fraction.length - 1 : whole.length - 1
  const shown = digits.slice(0, kept)
  const more = /[1-9]/.test(digits.slice(kept)) ? '…' : ''
  if (power >= kept || power < -5) {
    const behind = more === '' ? shown.slice(1).replace(/0+$/, '') : shown.slice(1) + more
    return `${sign}${shown[0]}${behind === '' ? '' : `.${behind}`}×10${superscript(power)}`
  }
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${shown}${more}`
  return `${sign}${shown.slice(0, power + 1)}.${shown.slice(power + 1)}${more}`
}
