/**
 * From a typed text to a float64, which is what `encode` takes. Nothing is rounded here but a decimal, once and by
 * JavaScript itself, to the nearest float64; every other notation must name a float64 exactly, or it is refused.
 */
import { decode, formatInfo, type NumberFormat } from '@octoscale/fp8-core'
import { toDyadic } from './dyadic.ts'
import { NumberTextError } from './errors.ts'

/** A number, and where it comes from when the text names a code: NaN has many codes, and one of them was meant. */
export interface ParsedNumber {
  readonly value: number
  readonly origin?: { readonly format: NumberFormat; readonly code: number }
}

/** Characters that a text may have: a float64's longest exact decimal has 1,077. */
export const longestText = 1100

const help = 'write for example 0.3, -1.5e-8, 1/3, 2^-9, 0x1.8p-3, inf, nan or e4m3:0x2a'

/**
 * Reads decimals (`0.3`, `1e-8`), fractions of integers (`1/3`), powers of two (`2^-9`), hexadecimal floats (`0x1.8p-3`),
 * `inf`, `nan`, `-0`, and codes (`e4m3:0x2a`, any name that fp8-core knows). Spaces around it, upper case and the
 * minus sign U+2212 are fine.
 *
 * @throws {NumberTextError} with a reason for people.
 */
export function parseNumber(typed: string): ParsedNumber {
  if (typed.length > longestText) throw refused(typed, `write at most ${longestText} characters`)
  const text = typed.trim().toLowerCase().replaceAll('−', '-')
  if (text === '') throw refused(text, help)
  if (text.includes(':')) return parseCode(text)
  const sign = text.startsWith('-') ? -1 : 1
  return { value: sign * parseMagnitude(text.replace(/^[+-]/, '')) }
}

function parseMagnitude(text: string): number {
  if (/^(inf(inity)?|∞)$/.test(text)) return Infinity
  if (text === 'nan') return NaN
  if (/^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(text)) return parseDecimal(text)
  const fraction = /^(\d+) ?\/ ?(\d+)$/.exec(text)
  if (fraction !== null) return divide(text, Number(fraction[1]), Number(fraction[2]))
  const power = /^2\^([+-]?\d{1,4})$/.exec(text)
  if (power !== null) return exactly(text, 1n, Number(power[1]))
  const hexadecimal = /^0x([0-9a-f]+)\.?([0-9a-f]*)p([+-]?\d{1,4})$/.exec(text)
  if (hexadecimal !== null) {
    const [, whole = '', digits = '', exponent] = hexadecimal
    return exactly(text, BigInt(`0x${whole}${digits}`), Number(exponent) - 4 * digits.length)
  }
  if (/^0x[0-9a-f]+$/.test(text)) {
    throw refused(text, `say of which format it is the code, for example e4m3:${text.slice(0, 12)}`)
  }
  if (/^\d*,\d+$/.test(text)) throw refused(text, 'write the decimal point as a point')
  throw refused(text, help)
}

function parseDecimal(text: string): number {
  const value = Number(text)
  if (value === Infinity) throw refused(text, 'the largest float64 is about 1.8e308; write inf for infinity')
  if (value === 0 && /[1-9]/.test(text.split('e')[0]!)) {
    throw refused(text, 'the smallest float64 is about 4.9e-324; write 0 for zero')
  }
  return value
}

/** IEEE 754 division of two exact integers is the float64 nearest to the fraction: rounded once. */
function divide(text: string, above: number, below: number): number {
  if (!Number.isSafeInteger(above) || !Number.isSafeInteger(below)) {
    throw refused(text, 'write both integers of the fraction below 2^53')
  }
  if (below === 0) throw refused(text, 'do not divide by 0; write inf or nan')
  return above / below
}

/** `significand * 2^exponent`, when it is a float64. */
function exactly(text: string, significand: bigint, exponent: number): number {
  // Both steps are exact, or the comparison below tells that one was not.
  const half = Math.trunc(exponent / 2)
  const value = Number(significand) * 2 ** half * 2 ** (exponent - half)
  if (Number.isFinite(value) && isEqual(value, significand, exponent)) return value
  throw refused(text, 'a float64 has 53 significant bits and powers of two from 2^-1074 to 2^1023')
}

function isEqual(value: number, significand: bigint, exponent: number): boolean {
  const own = toDyadic(value)
  if (own.significand === 0n || significand === 0n) return own.significand === significand
  const shift = own.exponent - exponent
  // The significand of a dyadic is odd: with a negative shift the other number has bits below its last.
  return shift >= 0 && own.significand << BigInt(shift) === significand
}

/** `format:0xcode`. What fp8-core says of an unknown format or a code that is too large is said on. */
function parseCode(text: string): ParsedNumber {
  const [, name, digits] = /^([\w.]+) ?: ?0x([0-9a-f]{1,8})$/.exec(text) ?? []
  if (name === undefined) throw refused(text, 'write a code as a format and a hexadecimal number, e4m3:0x2a')
  try {
    const format = formatInfo(name)
    const code = Number(`0x${digits}`)
    return { value: decode(code, format), origin: { format, code } }
  } catch (cause) {
    throw refused(text, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

function refused(text: string, reason: string, cause?: unknown): NumberTextError {
  return new NumberTextError({ text, reason, cause })
}
