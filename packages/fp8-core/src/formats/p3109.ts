/** The formats of IEEE P3109, which are not a list but a family with four parameters. */

import { kindOf } from '../checks/kind-of.ts'
import { ArgumentError } from '../errors.ts'
import { defineFormat, type NumberFormat, usual } from './number-format.ts'

export interface P3109Parameters {
  /** Width K of a code, 3 .. 15. */
  readonly bits: number
  /** Precision P, the hidden bit included: 1 .. K - 1, for unsigned formats 1 .. K; at least K - 8, unsigned K - 7. */
  readonly precision: number
  /** Default: true. */
  readonly signed?: boolean
  /** With infinities. Default: true. */
  readonly extended?: boolean
}

const made = new Map<string, NumberFormat>()

/**
 * A format of IEEE P3109 (interim report, version 3): one zero, subnormals, and one NaN: in the place of -0, or the top
 * code of an unsigned format; with `extended` the codes next to the top are the infinities. The bias is
 * `floor(2^(K - P - 1))`, unsigned `2^(K - P)`. `formatInfo('p3109_k8p4se')` gives the same.
 *
 * The family has formats of more than 8 exponent bits; they are left out, because float32 does not hold their values.
 *
 * @throws {ArgumentError} for parameters outside these bounds.
 */
export function p3109(parameters: P3109Parameters): NumberFormat {
  const { bits, precision, signed = true, extended = true } = parameters
  const within = (argument: string, got: number, least: number, most: number) => {
    if (Number.isInteger(got) && got >= least && got <= most) return
    const expected = `an integer of ${least} .. ${most}`
    throw new ArgumentError({ op: 'p3109', argument, expected, got: kindOf(got) })
  }
  const flag = (argument: string, got: boolean) => {
    if (typeof got === 'boolean') return
    throw new ArgumentError({ op: 'p3109', argument, expected: 'true or false', got: kindOf(got) })
  }
  within('bits', bits, 3, 15)
  flag('signed', signed)
  flag('extended', extended)
  const [least, most] = precisions(bits, signed)
  within('precision', precision, least, most)
  const name = `p3109_k${bits}p${precision}${signed ? 's' : 'u'}${extended ? 'e' : 'f'}`
  let format = made.get(name)
  if (format === undefined) {
    format = make(name, bits, precision, signed, extended)
    made.set(name, format)
  }
  return format
}

/** The least and the greatest precision of codes of `bits` bits. */
function precisions(bits: number, signed: boolean): [number, number] {
  return signed ? [Math.max(1, bits - 8), bits - 1] : [Math.max(1, bits - 7), bits]
}

/** The format of a name like `p3109_k8p4se`; `undefined` for other names, those of formats left out among them. */
export function p3109ByName(name: string): NumberFormat | undefined {
  const match = /^p3109_k([1-9]\d?)p([1-9]\d?)([su])([ef])$/.exec(name)
  if (match === null) return undefined
  const [bits, precision] = [Number(match[1]), Number(match[2])]
  const signed = match[3] === 's'
  const [least, most] = precisions(bits, signed)
  if (bits < 3 || bits > 15 || precision < least || precision > most) return undefined
  return p3109({ bits, precision, signed, extended: match[4] === 'e' })
}

function make(
  name: string,
  bits: number,
  precision: number,
  signed: boolean,
  extended: boolean,
): NumberFormat {
  const mantissaBits = precision - 1
  const signBits = signed ? 1 : 0
  const exponentBits = bits - signBits - mantissaBits
  const bias = Math.floor(2 ** (bits - precision - signBits))
  const steps = 2 ** mantissaBits
  // The codes of the largest value: below the infinity, and below the NaN where that is at the top.
  const maxCode = 2 ** (bits - signBits) - 1 - (extended ? 1 : 0) - (signed ? 0 : 1)
  const exponent = Math.floor(maxCode / steps)
  const least = 2 ** (1 - bias - mantissaBits)
  const max = (1 + (maxCode % steps) / steps) * 2 ** (exponent - bias)
  return defineFormat({
    ...usual,
    name,
    title: `IEEE P3109: ${bits} bits, precision ${precision}, ${signed ? 'signed' : 'unsigned'}, ${extended ? 'with' : 'without'} infinities`,
    signBits,
    exponentBits,
    mantissaBits,
    bias,
    max,
    minNormal: 2 ** (1 - bias),
    minSubnormal: mantissaBits === 0 ? undefined : least,
    infinities: extended,
    nans: signed ? 'negative-zero' : 'all-ones',
    zero: 'unsigned',
    negatives: signed ? 'sign-magnitude' : 'none',
    defaults: { rounding: 'nearest-even', overflow: 'format' },
    aliases: {},
  })
}
