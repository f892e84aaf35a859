/** How numbers stand in pictures and tables. */
import { isPowerOfTwo } from '../scalar/float64-bits.ts'

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** `2⁻²⁴`. */
export function powerText(base: number, exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => superscripts[Number(digit)])
  return `${base}${exponent < 0 ? '⁻' : ''}${digits.join('')}`
}

/** A value of a format: `448`, `2⁻⁹`, and in powers of ten, to three digits, what is long otherwise: `3.39 × 10³⁸`. */
export function valueText(value: number): string {
  if (isPowerOfTwo(value) && (value < 1 / 2 || value > 2 ** 17)) return powerText(2, Math.log2(value))
  if (String(value).length <= 8) return String(value)
  const [digits, exponent] = value.toExponential(2).split('e')
  return `${digits} × ${powerText(10, Number(exponent))}`
}
