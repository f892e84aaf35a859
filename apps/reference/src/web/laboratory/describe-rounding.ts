/** What a format makes of a number: its code by fp8-core's `encode`, how far it is off, and the numbers beside it. */
import {
  type EncodeOptions,
  encode,
  type NumberFormat,
  type Overflow,
  type Rounding,
  UnrepresentableError,
} from '@octoscale/fp8-core'
import { chanceUp } from './chance-up.ts'
import { type CodeDescription, describeCode } from './describe-code.ts'
import { type Dyadic, subtract, toDyadic } from './dyadic.ts'
import { indexFrom, orderedValues } from './ordered-values.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import type { ParsedNumber } from './parse-number.ts'

export interface Neighbour {
  readonly code: number
  readonly value: number
}

export interface RoundingError {
  /** `rounded - number`, exact. */
  readonly absolute: Dyadic
  /** `(rounded - number) / number` to float64 accuracy; `undefined` for the number 0. */
  readonly relative: number | undefined
  /** `|rounded - number| / ulp` to float64 accuracy. */
  readonly ulps: number
}

export interface RoundingDescription {
  readonly format: NumberFormat
  readonly number: number
  /** The rules that apply: those asked for, or the format's own. */
  readonly rounding: Rounding
  readonly overflow: Overflow
  /** `undefined` when the format has no code for the number, nor one that could stand for it. */
  readonly rounded: CodeDescription | undefined
  readonly outcome: Outcome
  /** `undefined` unless the number and the rounded value are finite. */
  readonly error: RoundingError | undefined
  /** The next smaller and larger numbers of the format, infinities included, beside the rounded value. */
  readonly below: Neighbour | undefined
  readonly above: Neighbour | undefined
  /** How often stochastic rounding would give the greater of the two numbers around this one, 0 .. 1. */
  readonly chanceUp: number | undefined
}

/** A number in a format. A number that came from a code of this format keeps that code. */
export function describeRounding(
  { value: number, origin }: ParsedNumber,
  format: NumberFormat,
  options: EncodeOptions,
): RoundingDescription {
  const rounding = options.rounding ?? format.defaults.rounding
  const code = origin?.format === format ? origin.code : encodeIfPossible(number, format, options)
  const rounded = code === undefined ? undefined : describeCode(code, format)
  return {
    format,
    number,
    rounding,
    overflow: options.overflow ?? format.defaults.overflow,
    rounded,
    outcome: outcomeOf(number, rounded?.value, format, rounding),
    error: errorOf(number, rounded),
    ...neighboursOf(rounded?.value, format),
    chanceUp: chanceUp(number, format),
  }
}

function encodeIfPossible(number: number, format: NumberFormat, options: EncodeOptions): number | undefined {
  try {
    return encode(number, format, options)
  } catch (error) {
    if (error instanceof UnrepresentableError) return undefined
    throw error
  }
}

function errorOf(number: number, rounded: CodeDescription | undefined): RoundingError | undefined {
  if (rounded?.ulp === undefined || !Number.isFinite(number)) return undefined
  const difference = rounded.value - number
  return {
    absolute: subtract(toDyadic(rounded.value), toDyadic(number)),
    relative: number === 0 ? undefined : difference / number,
    ulps: Math.abs(difference) / rounded.ulp,
  }
}

function neighboursOf(
  value: number | undefined,
  format: NumberFormat,
): { below: Neighbour | undefined; above: Neighbour | undefined } {
  if (value === undefined || Number.isNaN(value)) return { below: undefined, above: undefined }
  const ordered = orderedValues(format)
  const index = indexFrom(ordered, value)
  const at = (i: number): Neighbour | undefined => {
    const [neighbour, code] = [ordered.values[i], ordered.codes[i]]
    return neighbour === undefined || code === undefined ? undefined : { value: neighbour, code }
  }
  return { below: at(index - 1), above: at(index + 1) }
}
