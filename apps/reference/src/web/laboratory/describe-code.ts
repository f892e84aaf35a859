/** A code taken apart into its fields and what they are worth, by the row of its format. */
import { type CodeField, codeFields, decode, type NumberFormat } from '@octoscale/fp8-core'

export type CodeKind = 'zero' | 'subnormal' | 'normal' | 'infinity' | 'nan'

export interface CodeDescription {
  readonly code: number
  /** `0x2a`, with as many digits as the format's bits need. */
  readonly hex: string
  /** Most significant first; together they are the code. */
  readonly fields: readonly CodeField[]
  readonly kind: CodeKind
  readonly value: number
  /** What the value is made of; of finite numbers only. */
  readonly parts: FloatParts | FixedParts | undefined
  /** Distance to the next number of the same exponent. `undefined` for infinities and NaN. */
  readonly ulp: number | undefined
}

/**
 * `value = sign * 2^(exponent - bias) * (leading + mantissa / steps)`. In subnormals and zero the leading digit is 0 and
 * the exponent 1, though its field is 0. In a tapered format the exponent has its sign already and the bias is 0, but
 * its smallest numbers are bare powers of two, `2^(mantissa field - 23)`: they have that field as exponent, and one step.
 */
export interface FloatParts {
  readonly kind: 'float'
  readonly sign: 1 | -1
  readonly exponent: number
  readonly bias: number
  readonly leading: 0 | 1
  readonly mantissa: number
  readonly steps: number
}

/** Two's complement: `value = top + mantissa / steps`. */
export interface FixedParts {
  readonly kind: 'fixed'
  /** What the sign bit is worth: 0, or minus the first number above the positive ones. */
  readonly top: number
  readonly mantissa: number
  readonly steps: number
}

/** A code as hexadecimal, `0x2a`: one digit for each four bits of the format, the last may be of fewer. */
export function hexOf(code: number, format: NumberFormat): string {
  return `0x${code.toString(16).padStart(Math.ceil(format.bits / 4), '0')}`
}

/** @throws {CodeError} of fp8-core when `code` is no integer in `0 .. 2^bits - 1`. */
export function describeCode(code: number, format: NumberFormat): CodeDescription {
  const value = decode(code, format)
  const fields = codeFields(code, format)
  const parts = Number.isFinite(value) ? partsOf(fields, value, format) : undefined
  return {
    code,
    hex: hexOf(code, format),
    fields,
    kind: kindOf(value, format),
    value,
    parts,
    ulp: ulpOf(parts),
  }
}

function partsOf(fields: readonly CodeField[], value: number, format: NumberFormat): FloatParts | FixedParts {
  const field = (name: CodeField['name']): number => fields.find((one) => one.name === name)?.value ?? 0
  const sign = field('sign') === 1 ? -1 : 1
  const mantissa = field('mantissa')
  if (format.negatives === 'twos-complement') {
    const steps = 1 / format.minNormal
    return { kind: 'fixed', top: sign === 1 ? 0 : -(2 ** format.mantissaBits) / steps, mantissa, steps }
  }
  if (format.layout === 'tapered') return { kind: 'float', sign, ...taperedParts(fields, value, format) }
  const exponent = field('exponent')
  const full = exponent > 0 || format.zero === 'none'
  return {
    kind: 'float',
    sign,
    exponent: full ? exponent : 1,
    bias: format.bias,
    leading: full ? 1 : 0,
    mantissa,
    steps: 2 ** format.mantissaBits,
  }
}

/** The exponent is that of the value: fields with a leading 1 that is not stored are read by fp8-core. */
function taperedParts(
  fields: readonly CodeField[],
  value: number,
  { minNormal, minSubnormal = minNormal }: NumberFormat,
): Omit<FloatParts, 'kind' | 'sign'> {
  const mantissa = fields.find(({ name }) => name === 'mantissa')
  const magnitude = Math.abs(value)
  if (magnitude < minNormal) {
    // The field 1 is the smallest value.
    const bias = 1 - Math.log2(minSubnormal)
    const exponent = Math.max(mantissa?.value ?? 0, 1)
    return { exponent, bias, leading: magnitude === 0 ? 0 : 1, mantissa: 0, steps: 1 }
  }
  return {
    exponent: Math.floor(Math.log2(magnitude)),
    bias: 0,
    leading: 1,
    mantissa: mantissa?.value ?? 0,
    steps: 2 ** (mantissa?.bits.length ?? 0),
  }
}

function ulpOf(parts: CodeDescription['parts']): number | undefined {
  if (parts?.kind === 'fixed') return 1 / parts.steps
  return parts === undefined ? undefined : 2 ** (parts.exponent - parts.bias) / parts.steps
}

function kindOf(value: number, { minNormal }: NumberFormat): CodeKind {
  if (Number.isNaN(value)) return 'nan'
  if (value === 0) return 'zero'
  if (!Number.isFinite(value)) return 'infinity'
  return Math.abs(value) < minNormal ? 'subnormal' : 'normal'
}
