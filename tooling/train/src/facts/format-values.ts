import { type FormatName, formatInfo, values } from '@octoscale/fp8-core'

/** What the facts say of a format, as text where the model is to write text. */
export interface FormatValues {
  readonly id: string
  readonly aliases: readonly string[]
  readonly bits: number
  readonly exponentBits: number
  readonly mantissaBits: number
  readonly bias: number
  readonly max: string
  readonly minNormal: string
  readonly minSubnormal: string | undefined
  readonly infinity: boolean
  readonly nan: number
  /** Only for the formats people ask about most. */
  readonly finite: number | undefined
}

const powerOfTwo = (value: number): string => `2^${Math.log2(value)}`

/** Below a byte the values are short decimals; above, their smallest ones are known as powers of two. */
function fromTable(
  id: string,
  name: FormatName,
  aliases: readonly string[],
  countFinite: boolean,
): FormatValues {
  const info = formatInfo(name)
  const { bits, exponentBits, mantissaBits, bias, max, minNormal, minSubnormal, infinities } = info
  const small = bits < 8 ? String : powerOfTwo
  const all = [...values(name)]
  let largest = String(max)
  if (max > 2 ** 100)
    largest = Number.isInteger(Math.log2(max)) ? powerOfTwo(max) : max.toExponential(2).replace('+', '')
  return {
    id,
    aliases,
    bits,
    exponentBits,
    mantissaBits,
    bias,
    max: largest,
    minNormal: small(minNormal),
    minSubnormal: minSubnormal === undefined ? undefined : small(minSubnormal),
    infinity: infinities,
    nan: all.filter(Number.isNaN).length,
    finite: countFinite ? new Set(all.filter(Number.isFinite)).size : undefined,
  }
}

/** Outside the table of fp8-core. */
const fp32: FormatValues = {
  id: 'FP32',
  aliases: ['FP32', 'fp32', 'float32', 'F32'],
  bits: 32,
  exponentBits: 8,
  mantissaBits: 23,
  bias: 127,
  max: '3.4e38',
  minNormal: '2^-126',
  minSubnormal: '2^-149',
  infinity: true,
  nan: 16777214,
  finite: undefined,
}

/**
 * The formats that octo-tiny was trained on, in the order that its data was made in. Not all of fp8-core's table: one
 * more here changes every document after it, and the published model knows nothing of it until it is trained again.
 */
export const formatValues: readonly FormatValues[] = [
  fromTable('E4M3', 'e4m3', ['E4M3', 'FP8 E4M3', 'e4m3', 'E4M3FN', 'float8_e4m3fn'], true),
  fromTable('E5M2', 'e5m2', ['E5M2', 'FP8 E5M2', 'e5m2', 'float8_e5m2'], true),
  fromTable('E4M3FNUZ', 'e4m3fnuz', ['E4M3FNUZ', 'e4m3fnuz', 'float8_e4m3fnuz'], true),
  fromTable('E5M2FNUZ', 'e5m2fnuz', ['E5M2FNUZ', 'e5m2fnuz', 'float8_e5m2fnuz'], true),
  fromTable('E2M1', 'e2m1', ['E2M1', 'FP4 E2M1', 'FP4', 'e2m1'], true),
  fromTable('E2M3', 'e2m3', ['E2M3', 'FP6 E2M3', 'e2m3'], false),
  fromTable('E3M2', 'e3m2', ['E3M2', 'FP6 E3M2', 'e3m2'], false),
  fromTable('E8M0', 'e8m0', ['E8M0', 'UE8M0', 'e8m0', 'ue8m0', 'E8M0FNU'], true),
  fromTable('BF16', 'bf16', ['BF16', 'bf16', 'bfloat16'], false),
  fromTable('FP16', 'f16', ['FP16', 'fp16', 'float16', 'F16'], false),
  fp32,
]
