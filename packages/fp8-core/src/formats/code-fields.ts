/** The bit fields that a code is made of, for showing it. */
import { checkedCode } from '../scalar/decode.ts'
import { type FormatLike, formatInfo } from './format-info.ts'
import { hif8Fields } from './hif8.ts'
import type { NumberFormat } from './number-format.ts'

/** One field of a code. */
export interface CodeField {
  /**
   * `dot`: the prefix code of a tapered format that says how wide exponent and mantissa are. In two's complement the
   * `sign` is the top bit, worth -2^(bits - 1) steps, and the `mantissa` the others.
   */
  readonly name: 'sign' | 'dot' | 'exponent' | 'mantissa'
  /** Its bits as `0` and `1`, most significant first; at least one. */
  readonly bits: string
  /** Those bits as an unsigned integer: of an exponent still with the bias. */
  readonly value: number
  /** Place of its least significant bit in the code: 0 is the code's own. */
  readonly lowestBit: number
}

/**
 * The fields of a code, most significant first; a field of no bits is left out. Joined, their bits are the code.
 *
 * @param code integer in `0 .. 2^bits - 1`.
 * @throws {CodeError} for any other code; {@link UnknownFormatError}.
 */
export function codeFields(code: number, format: FormatLike): CodeField[] {
  const info = formatInfo(format)
  let lowestBit = info.bits
  let rest = checkedCode(code, info)
  const fields: CodeField[] = []
  for (const [name, width] of fieldWidths(rest, info)) {
    if (width === 0) continue
    lowestBit -= width
    const value = Math.floor(rest / 2 ** lowestBit)
    rest -= value * 2 ** lowestBit
    fields.push({ name, bits: value.toString(2).padStart(width, '0'), value, lowestBit })
  }
  return fields
}

function fieldWidths(code: number, info: NumberFormat): [CodeField['name'], number][] {
  const { signBits, exponentBits, mantissaBits } = info
  if (info.layout === 'fields') {
    return [
      ['sign', signBits],
      ['exponent', exponentBits],
      ['mantissa', mantissaBits],
    ]
  }
  const { dot, exponent, mantissa } = hif8Fields(code % 2 ** (info.bits - signBits))
  return [
    ['sign', signBits],
    ['dot', dot],
    ['exponent', exponent],
    ['mantissa', mantissa],
  ]
}
