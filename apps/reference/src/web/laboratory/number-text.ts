/** Numbers as short texts: for the input field, and for labels on a drawing. */
import { isPowerOfTwo } from '@octoscale/fp8-core'

/** The shortest text that {@link parseNumber} reads as this number. */
export function inputText(value: number): string {
  if (Object.is(value, -0)) return '-0'
  if (Number.isNaN(value)) return 'nan'
  return String(value).replace('Infinity', 'inf')
}

/** With the minus sign U+2212, as wide as a plus. */
export function minus(text: string): string {
  return text.replaceAll('-', '−')
}

const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** An integer in superscript: -127 is `⁻¹²⁷`. */
export function superscript(integer: number): string {
  return Array.from(String(integer), (digit) => (digit === '-' ? '⁻' : raised[Number(digit)])).join('')
}

/** A label of at most some fifteen characters. One that is not exact begins with `≈`. */
export function labelText(value: number): string {
  const text = inputText(value)
  if (text.length <= 9) return minus(text).replace('inf', '∞')
  if (isPowerOfTwo(Math.abs(value)))
    return `${value < 0 ? '−' : ''}2${superscript(Math.round(Math.log2(Math.abs(value))))}`
  const [digits = '', power] = value.toPrecision(6).split('e')
  const short = digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits
  return `≈${minus(short)}${power === undefined ? '' : `×10${superscript(Number(power))}`}`
}

/** A ratio in percent with three significant digits: 0.041666 is `4.17 %`. */
export function percentText(ratio: number): string {
  const percent = ratio * 100
  const extreme = Math.abs(percent) >= 1e6 || (percent !== 0 && Math.abs(percent) < 1e-4)
  return `${minus(extreme ? percent.toExponential(2) : String(Number(percent.toPrecision(3))))} %`
}

/** With an explicit sign, for errors: `+0.0125`. */
export function signed(text: string): string {
  return /^[−-]/.test(text) || text === '0' ? text : `+${text}`
}
