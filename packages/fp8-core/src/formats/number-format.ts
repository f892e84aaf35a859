/**
 * What a number format is: a row of data. Decode, encode and the bulk conversions are written once and read the row.
 *
 * A code is `sign | magnitude`, most significant bit first. With the layout `fields` the magnitude is
 * `exponent E | mantissa M`, and with m mantissa bits
 *   E >= 1 (or no subnormals):  magnitude = 2^(E - bias) * (1 + M / 2^m)
 *   E == 0, with subnormals:    magnitude = 2^(1 - bias) * (M / 2^m)
 * except for the codes that the row's `nans` and `infinities` take away.
 */
import type { Overflow, Rounding } from '../scalar/rounding.ts'

/** Names of a format elsewhere. Absent where the other project does not have the format. */
export interface FormatAliases {
  readonly safetensors?: string
  readonly torch?: string
  readonly onnx?: string
  readonly mlDtypes?: string
  /** Other spellings in use, for example in model configurations. */
  readonly others?: readonly string[]
}

/**
 * How NaN is written: all exponent bits set and a mantissa that is not 0, as in IEEE 754; only as the all-ones
 * magnitude; only in the place of -0; or not at all.
 */
export type NanRule = 'ieee' | 'all-ones' | 'negative-zero' | 'none'

export interface FormatRow {
  readonly name: string
  readonly title: string
  /** `fields`: exponent and mantissa of fixed widths. `tapered`: widths that vary with the exponent, see `hif8.ts`. */
  readonly layout: 'fields' | 'tapered'
  readonly signBits: 0 | 1
  /** Of a tapered format the largest width, here and in `mantissaBits`. 0 for fixed point. */
  readonly exponentBits: number
  readonly mantissaBits: number
  readonly bias: number
  /** Largest finite value. */
  readonly max: number
  /** Smallest positive value with a full significand; in fixed point, where none has, the smallest positive value. */
  readonly minNormal: number
  /** Smallest positive value; `undefined` without subnormals. */
  readonly minSubnormal: number | undefined
  /** There is a code for each of +-Infinity: the one above that of `max`. */
  readonly infinities: boolean
  readonly nans: NanRule
  /** `signed`: +0 and -0. `unsigned`: one zero. `none`: the format has no zero, so that 0 encodes as the smallest value. */
  readonly zero: 'signed' | 'unsigned' | 'none'
  readonly negatives: 'sign-magnitude' | 'twos-complement' | 'none'
  /**
   * Whether nearest-even finds an even code beside every tie. Where no significand is even (all are 1) it takes the
   * larger magnitude: IEEE 754-2019, section 4.3.1.
   */
  readonly evenCodes: boolean
  /** What `encode` does when the caller does not say. */
  readonly defaults: { readonly rounding: Rounding; readonly overflow: Overflow }
  readonly aliases: FormatAliases
}

/** A row of the table `formats`, with what follows from its fields. */
export interface NumberFormat extends FormatRow {
  /** Width of a code, 2 .. 16. Codes narrower than a byte are held one per byte, in the low bits. */
  readonly bits: number
  /** Code of `max`. */
  readonly maxCode: number
  /** The NaN that `encode` writes (quiet, and positive where NaN has a sign); `undefined` where the format has none. */
  readonly nanCode: number | undefined
  /** Code of +Infinity; `undefined` where the format has none. */
  readonly infinityCode: number | undefined
}

type Shared = Pick<
  FormatRow,
  'layout' | 'signBits' | 'infinities' | 'nans' | 'zero' | 'negatives' | 'evenCodes' | 'defaults'
>

/** Facts that most rows share; a row states where it differs. */
export const usual: Shared = {
  layout: 'fields',
  signBits: 1,
  infinities: false,
  nans: 'none',
  zero: 'signed',
  negatives: 'sign-magnitude',
  evenCodes: true,
  defaults: { rounding: 'nearest-even', overflow: 'saturate' },
}

/** Like IEEE 754: infinities, NaN above them, and overflow to infinity. */
export const ieee: Shared = {
  ...usual,
  infinities: true,
  nans: 'ieee',
  defaults: { rounding: 'nearest-even', overflow: 'format' },
}

const defined = new WeakSet<object>()

/** Whether something is a row that was made here: a copy with changed fields would look like one and be no format. */
export function isNumberFormat(value: unknown): value is NumberFormat {
  return typeof value === 'object' && value !== null && defined.has(value)
}

/** A row and what follows from it; frozen. `maxCode` is only for layouts where the fields do not tell it. */
export function defineFormat(facts: FormatRow & { readonly maxCode?: number }): NumberFormat {
  const { signBits, exponentBits, mantissaBits: m, nans, infinities } = facts
  const bits = signBits + exponentBits + m
  const allOnes = 2 ** (exponentBits + m) - 1
  const topExponent = allOnes - (2 ** m - 1)
  // NaN and infinity take the codes above that of the largest value.
  const taken = (infinities ? 1 : 0) + (nans === 'all-ones' ? 1 : 0)
  const maxCode = facts.maxCode ?? (nans === 'ieee' ? topExponent - 1 : allOnes - taken)
  const nanCodes = {
    ieee: topExponent + 2 ** (m - 1),
    'all-ones': allOnes,
    'negative-zero': 2 ** (bits - 1),
    none: undefined,
  }
  const format = Object.freeze({
    ...facts,
    defaults: Object.freeze({ ...facts.defaults }),
    aliases: Object.freeze({ ...facts.aliases }),
    bits,
    maxCode,
    nanCode: nanCodes[nans],
    infinityCode: infinities ? maxCode + 1 : undefined,
  })
  defined.add(format)
  return format
}
