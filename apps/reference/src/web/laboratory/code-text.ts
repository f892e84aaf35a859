import { decode, type EncodeOptions, encode, type NumberFormat } from '@octoscale/fp8-core'
import { hexOf } from './describe-code.ts'
import { inputText } from './number-text.ts'

/**
 * The text for the input field that makes a format show this code: its number where that encodes to the code again, else the code
 * itself (`e5m2:0x7e`: one of several NaN, or an infinity that would saturate).
 */
export function codeText(code: number, format: NumberFormat, options: EncodeOptions): string {
  const value = decode(code, format)
  return encode(value, format, options) === code ? inputText(value) : `${format.name}:${hexOf(code, format)}`
}
