/**
 * Number formats as data. A format is a row of this table: decode, encode and the bulk conversions are written
 * once and read the row, so a new format with sign, exponent and mantissa fields is a new row and nothing else.
 *
 * A code is `sign | exponent E | mantissa M`, most significant bit first. With m mantissa bits:
 *   E >= 1 (or no subnormals):  value = (-1)^sign * 2^(E - bias) * (1 + M / 2^m)
 *   E == 0, with subnormals:    value = (-1)^sign * 2^(1 - bias) * (M / 2^m)
 * except for the codes that the row's `nans` and `infinities` take away.
 *
 * Sources: OCP OFP8 (E4M3, E5M2), OCP MX v1.0 (E8M0, E2M1, E2M3, E3M2), IEEE 754 (binary16), ml_dtypes README.
 */

/** Names of a format elsewhere. Absent where the other project does not have the format. */
export interface FormatAliases {
  readonly safetensors?: string
  readonly torch?: string
  readonly onnx?: string
  readonly mlDtypes?: string
  /** Other spellings in use, for example in model configurations. */
  readonly others?: readonly string[]
}

/** How NaN is written: like IEEE 754, only as the all-ones magnitude, or not at all. */
export type NanRule = 'ieee' | 'all-ones' | 'none'

/** `saturate`: overflow and infinities become the largest value. `format`: they become Inf, else NaN, else the largest value. */
export type Overflow = 'saturate' | 'format'

/**
 * `up` is towards +Infinity and `down` towards -Infinity. `nearest-even` sends ties to the even significand.
 * `nearest` is the same rule: the name for E8M0, whose significand is always 1 (odd), so that its ties go up.
 */
export type Rounding = 'nearest-even' | 'nearest' | 'up' | 'down'

interface FormatRow {
  readonly name: string
  readonly title: string
  readonly signBits: 0 | 1
  readonly exponentBits: number
  readonly mantissaBits: number
  readonly bias: number
  /** Largest finite value. */
  readonly max: number
  /** Smallest positive value with a full significand. */
  readonly minNormal: number
  /** Smallest positive value; `undefined` without subnormals. */
  readonly minSubnormal: number | undefined
  /** Codes with all exponent bits set and mantissa 0 are +-Infinity. */
  readonly infinities: boolean
  readonly nans: NanRule
  /** `signed`: +0 and -0. `none`: the format has no zero, so that 0 encodes as the smallest value. */
  readonly zero: 'signed' | 'none'
  /** What `encode` does when the caller does not say. */
  readonly defaults: { readonly rounding: Rounding; readonly overflow: Overflow }
  readonly aliases: FormatAliases
}

/** A row of {@link formats}, with what follows from its fields. */
export interface NumberFormat extends FormatRow {
  /** Width of a code: 4, 6, 8 or 16. Codes narrower than a byte are held one per byte, in the low bits. */
  readonly bits: number
  /** Code of `max`. */
  readonly maxCode: number
  /** The NaN that `encode` writes (quiet, positive); `undefined` where the format has none. */
  readonly nanCode: number | undefined
  /** Code of +Infinity; `undefined` where the format has none. */
  readonly infinityCode: number | undefined
}

function row<Row extends FormatRow>(facts: Row): Row & NumberFormat {
  const { signBits, exponentBits, mantissaBits: m } = facts
  const allOnes = 2 ** (exponentBits + m) - 1
  const topExponent = allOnes - (2 ** m - 1)
  const nanCodes = { ieee: topExponent + 2 ** (m - 1), 'all-ones': allOnes, none: undefined }
  const maxCodes = { ieee: topExponent - 1, 'all-ones': allOnes - 1, none: allOnes }
  return Object.freeze({
    ...facts,
    bits: signBits + exponentBits + m,
    maxCode: maxCodes[facts.nans],
    nanCode: nanCodes[facts.nans],
    infinityCode: facts.infinities ? topExponent : undefined,
  })
}

const saturating = { rounding: 'nearest-even', overflow: 'saturate' } as const
const ieee = { rounding: 'nearest-even', overflow: 'format' } as const

const e4m3: NumberFormat = row({
  name: 'e4m3',
  title: 'OCP OFP8 E4M3 (E4M3FN): finite and NaN, no infinities',
  signBits: 1,
  exponentBits: 4,
  mantissaBits: 3,
  bias: 7,
  max: 448,
  minNormal: 2 ** -6,
  minSubnormal: 2 ** -9,
  infinities: false,
  nans: 'all-ones',
  zero: 'signed',
  defaults: saturating,
  aliases: {
    safetensors: 'F8_E4M3',
    torch: 'float8_e4m3fn',
    onnx: 'FLOAT8E4M3FN',
    mlDtypes: 'float8_e4m3fn',
    others: ['e4m3fn', 'f8_e4m3fn'],
  },
})

const e5m2: NumberFormat = row({
  name: 'e5m2',
  title: 'OCP OFP8 E5M2: like IEEE 754, with infinities',
  signBits: 1,
  exponentBits: 5,
  mantissaBits: 2,
  bias: 15,
  max: 57344,
  minNormal: 2 ** -14,
  minSubnormal: 2 ** -16,
  infinities: true,
  nans: 'ieee',
  zero: 'signed',
  defaults: saturating,
  aliases: { safetensors: 'F8_E5M2', torch: 'float8_e5m2', onnx: 'FLOAT8E5M2', mlDtypes: 'float8_e5m2' },
})

const e8m0: NumberFormat = row({
  name: 'e8m0',
  title: 'OCP MX E8M0 (UE8M0): powers of two 2^-127 .. 2^127, and NaN; no sign, no zero',
  signBits: 0,
  exponentBits: 8,
  mantissaBits: 0,
  bias: 127,
  max: 2 ** 127,
  minNormal: 2 ** -127,
  minSubnormal: undefined,
  infinities: false,
  nans: 'all-ones',
  zero: 'none',
  defaults: { rounding: 'up', overflow: 'format' },
  aliases: {
    safetensors: 'F8_E8M0',
    torch: 'float8_e8m0fnu',
    onnx: 'FLOAT8E8M0',
    mlDtypes: 'float8_e8m0fnu',
    others: ['ue8m0', 'e8m0fnu'],
  },
})

const e2m1: NumberFormat = row({
  name: 'e2m1',
  title: 'OCP MX FP4 E2M1: finite only',
  signBits: 1,
  exponentBits: 2,
  mantissaBits: 1,
  bias: 1,
  max: 6,
  minNormal: 1,
  minSubnormal: 0.5,
  infinities: false,
  nans: 'none',
  zero: 'signed',
  defaults: saturating,
  // Names of the element: files pack two codes into a byte. torch's float4_e2m1fn_x2 names the pair, so it is not here.
  aliases: { safetensors: 'F4', onnx: 'FLOAT4E2M1', mlDtypes: 'float4_e2m1fn', others: ['e2m1fn'] },
})

const e2m3: NumberFormat = row({
  name: 'e2m3',
  title: 'OCP MX FP6 E2M3: finite only',
  signBits: 1,
  exponentBits: 2,
  mantissaBits: 3,
  bias: 1,
  max: 7.5,
  minNormal: 1,
  minSubnormal: 0.125,
  infinities: false,
  nans: 'none',
  zero: 'signed',
  defaults: saturating,
  aliases: { safetensors: 'F6_E2M3', onnx: 'FLOAT6E2M3', mlDtypes: 'float6_e2m3fn', others: ['e2m3fn'] },
})

const e3m2: NumberFormat = row({
  name: 'e3m2',
  title: 'OCP MX FP6 E3M2: finite only',
  signBits: 1,
  exponentBits: 3,
  mantissaBits: 2,
  bias: 3,
  max: 28,
  minNormal: 0.25,
  minSubnormal: 0.0625,
  infinities: false,
  nans: 'none',
  zero: 'signed',
  defaults: saturating,
  aliases: { safetensors: 'F6_E3M2', onnx: 'FLOAT6E3M2', mlDtypes: 'float6_e3m2fn', others: ['e3m2fn'] },
})

const bf16: NumberFormat = row({
  name: 'bf16',
  title: 'bfloat16: the upper half of a float32',
  signBits: 1,
  exponentBits: 8,
  mantissaBits: 7,
  bias: 127,
  max: (2 - 2 ** -7) * 2 ** 127,
  minNormal: 2 ** -126,
  minSubnormal: 2 ** -133,
  infinities: true,
  nans: 'ieee',
  zero: 'signed',
  defaults: ieee,
  aliases: { safetensors: 'BF16', torch: 'bfloat16', onnx: 'BFLOAT16', mlDtypes: 'bfloat16' },
})

const f16: NumberFormat = row({
  name: 'f16',
  title: 'IEEE 754 binary16',
  signBits: 1,
  exponentBits: 5,
  mantissaBits: 10,
  bias: 15,
  max: 65504,
  minNormal: 2 ** -14,
  minSubnormal: 2 ** -24,
  infinities: true,
  nans: 'ieee',
  zero: 'signed',
  defaults: ieee,
  aliases: {
    safetensors: 'F16',
    torch: 'float16',
    onnx: 'FLOAT16',
    mlDtypes: 'float16',
    others: ['half', 'fp16'],
  },
})

/** Canonical name of a format. */
export type FormatName = 'e4m3' | 'e5m2' | 'e8m0' | 'e2m1' | 'e2m3' | 'e3m2' | 'bf16' | 'f16'

/** The table of formats, by canonical name. */
export const formats: Readonly<Record<FormatName, NumberFormat>> = Object.freeze({
  e4m3,
  e5m2,
  e8m0,
  e2m1,
  e2m3,
  e3m2,
  bf16,
  f16,
})
