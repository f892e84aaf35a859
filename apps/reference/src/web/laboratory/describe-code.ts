/** A code taken apart into its fields, by the row of its format. */
import { decode, type NumberFormat } from '@octoscale/fp8-core'

export type FieldName = 'sign' | 'exponent' | 'mantissa'

/** Adjacent bits of a code that belong together. */
export interface CodeField {
  readonly name: FieldName
  /** `0` and `1`, most significant first. */
  readonly bits: string
  /** The bits as an unsigned integer. */
  readonly value: number
  /** The number of the least significant of them in the code; 0 is the code's last bit. */
  readonly lowestBit: number
}

export type CodeKind = 'zero' | 'subnormal' | 'normal' | 'infinity' | 'nan'

export interface CodeDescription {
  readonly code: number
  /** `0x2a`, with as many digits as the format's bits need. */
  readonly hex: string
  /** Most significant first; fields of no bits are left out, and together they are the code. */
  readonly fields: readonly CodeField[]
  readonly kind: CodeKind
  readonly value: number
  /**
   * Finite numbers only: `value = sign * 2^(exponent - bias) * (leading + mantissa / steps)`. In subnormals and zero
   * the leading digit is 0 and the exponent 1, though its field is 0.
   */
  readonly parts: CodeParts | undefined
  /** Distance of adjacent numbers with this exponent: `2^(exponent - bias) / steps`. `undefined` for infinities and NaN. */
  readonly ulp: number | undefined
}

export interface CodeParts {
  readonly sign: 1 | -1
  readonly exponent: number
  readonly bias: number
  readonly leading: 0 | 1
  readonly mantissa: number
  /** `2^mantissaBits`. */
  readonly steps: number
}

/** A code as hexadecimal, `0x2a`: one digit for each four bits of the format, the last may be of fewer. */
export function hexOf(code: number, format: NumberFormat): string {
  return `0x${code.toString(16).padStart(Math.ceil(format.bits / 4), '0')}`
}

/** @throws {CodeError} of fp8-core when `code` is no integer in `0 .. 2^bits - 1`. */
export function describeCode(code: number, format: NumberFormat): CodeDescription {
  const value = decode(code, format)
  const fields = fieldsOf(code, format)
  const parts = Number.isFinite(value) ? partsOf(fields, format) : undefined
  return {
    code,
    hex: hexOf(code, format),
    fields,
    kind: kindOf(value, parts),
    value,
    parts,
    ulp: parts === undefined ? undefined : 2 ** (parts.exponent - parts.bias) / parts.steps,
  }
}

function fieldsOf(code: number, format: NumberFormat): CodeField[] {
  const text = code.toString(2).padStart(format.bits, '0')
  const widths = [
    ['sign', format.signBits],
    ['exponent', format.exponentBits],
    ['mantissa', format.mantissaBits],
  ] as const
  let start = 0
  const fields: CodeField[] = []
  for (const [name, width] of widths) {
    const bits = text.slice(start, start + width)
    start += width
    if (width > 0) fields.push({ name, bits, value: Number(`0b${bits}`), lowestBit: format.bits - start })
  }
  return fields
}

function partsOf(fields: readonly CodeField[], format: NumberFormat): CodeParts {
  const field = (name: FieldName): number => fields.find((one) => one.name === name)?.value ?? 0
  const exponent = field('exponent')
  const full = exponent > 0 || format.minSubnormal === undefined
  return {
    sign: field('sign') === 1 ? -1 : 1,
    exponent: full ? exponent : 1,
    bias: format.bias,
    leading: full ? 1 : 0,
    mantissa: field('mantissa'),
    steps: 2 ** format.mantissaBits,
  }
}

function kindOf(value: number, parts: CodeParts | undefined): CodeKind {
  if (parts === undefined) return Number.isNaN(value) ? 'nan' : 'infinity'
  if (value === 0) return 'zero'
  return parts.leading === 1 ? 'normal' : 'subnormal'
}
